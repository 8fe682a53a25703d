/** Why somebody did not get through IEEE 802.1X, and what to look at: by the reason that the log gives. */

interface EapAdvice {
  readonly looks: RegExp;
  /** Behind the reason, as a sentence. */
  readonly means: string;
  readonly advice: readonly string[];
}

const advices: readonly EapAdvice[] = [
  {
    looks: /there is no user/,
    means: "No line of the file of users (or row of the database) fits its name.",
    advice: [
      "eap_user_file: a line for that name, or '*' for all; inside a tunnel a line with [2]",
      "the name on the device: domain (DOMAIN\\user, user@realm), capital letters, blanks",
    ],
  },
  {
    looks: /does not speak .* and wants/,
    means: "It and the server have no method in common.",
    advice: ["the methods of its line in eap_user_file against those set up on the device"],
  },
  {
    looks: /no password in clear text|neither a password .* nor its NT hash/,
    means: "What the server has of its secret is of no use for the method.",
    advice: ["a password in quotation marks in its line: hash: does for MSCHAPV2 and pwd only, ssha...: for pwd only"],
  },
  {
    looks: /calls itself .* where its identity is/,
    means: "The name inside the method is another than the identity.",
    advice: ["the name on the device; an anonymous identity belongs outside a tunnel"],
  },
  {
    looks: /password is wrong|wrong password/,
    means: "It has another password than the server.",
    advice: ["the password on the device, and that of its line in eap_user_file"],
  },
  {
    looks: /does not accept that the server knows/,
    means: "It does not take this server for the one that has its password.",
    advice: ["whether device and server mean the same user and password"],
  },
  {
    looks: /unknown ca|bad certificate|certificate unknown|certificate expired/i,
    means: "It does not believe the server's certificate.",
    advice: [
      "the authority on the device: ca_cert there has to be the one that signed server_cert",
      "the certificate's dates and names: 'openssl x509 -in server.pem -noout -dates -subject'",
      "the clock of the device",
    ],
  },
  {
    looks: /certificate verify failed|certificate .*(?:revoked|expired)|unable to get .*issuer/i,
    means: "The server does not believe the device's certificate.",
    advice: ["ca_cert, which has to have signed the device's certificate; its dates; revocation (check_crl)"],
  },
  {
    looks: /(?:protocol version|no shared cipher|unsupported protocol|handshake failure|insufficient security)/i,
    means: "It and the server have no version or cipher of TLS in common.",
    advice: ["tls_flags and openssl_ciphers; an old device may need [ENABLE-TLSv1.0][ENABLE-TLSv1.1]"],
  },
  {
    looks: /too many others wanted in/,
    means: "More than 10,000 conversations were open at once.",
    advice: ["who sends so many requests: the log of the access points"],
  },
  {
    looks: /RADIUS server refuses/,
    means: "The RADIUS server said no; the reason is in its own log.",
    advice: ["the RADIUS server's log"],
  },
];

/** @param reason as the log gives it */
export const adviceOnEap = (
  reason: string,
): { readonly means: string; readonly advice: readonly string[] } | undefined =>
  advices.find(({ looks }) => looks.test(reason));
