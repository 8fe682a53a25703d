/** Certificates for tests, made by the `openssl` program: an authority in a folder of its own, and what it signs, revokes and vouches for. */

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type KeyKind = "ec" | "p384" | "rsa" | "rsa3072";

export interface Issued {
  /** Paths of PEM files. */
  readonly certificate: string;
  readonly key: string;
}

export interface IssueOptions {
  readonly key?: KeyKind;
  /** `server` unless told. */
  readonly usage?: "server" | "client" | "authority" | "any";
  /** `DNS:radius.example.com`; `none`. A server's is its name unless told. */
  readonly alternativeName?: string;
  /** More of the subject's name, before the common name: `/C=FI/O=Example`. */
  readonly organization?: string;
  /** As `openssl ca` takes it: YYYYMMDDHHMMSSZ. */
  readonly notBefore?: string;
  readonly notAfter?: string;
}

export interface Authority extends Issued {
  issue(name: string, options?: IssueOptions): Issued;
  /** Another authority below this one. */
  subordinate(name: string): Authority;
  revoke(issued: Issued): void;
  /** A revocation list that is good for these seconds. @returns path of a PEM file */
  revocationList(seconds?: number): string;
  /** @returns path of a DER OCSPResponse */
  ocspResponse(issued: Issued): string;
}

const openssl = (args: readonly string[], input?: string): Buffer =>
  execFileSync("openssl", args, { stdio: ["pipe", "pipe", "pipe"], ...(input === undefined ? {} : { input }) });

const keyArguments: Readonly<Record<KeyKind, readonly string[]>> = {
  ec: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
  p384: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
  rsa: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
  rsa3072: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
};

const extensions = {
  server: ["basicConstraints=critical,CA:false", "extendedKeyUsage=serverAuth"],
  client: ["basicConstraints=critical,CA:false", "extendedKeyUsage=clientAuth"],
  any: ["basicConstraints=critical,CA:false"],
  authority: ["basicConstraints=critical,CA:true", "keyUsage=critical,keyCertSign,cRLSign"],
} as const;

function makeKey(folder: string, name: string, kind: KeyKind): string {
  const path = join(folder, `${name}.key`);
  openssl(["genpkey", ...keyArguments[kind], "-out", path]);
  return path;
}

/** @param folder where its files go; it is made */
export function createAuthority(folder: string, name = "Test CA", kind: KeyKind = "ec"): Authority {
  mkdirSync(folder, { recursive: true });
  const key = makeKey(folder, "ca", kind);
  const certificate = join(folder, "ca.pem");
  // What Suite B wants of a chain of P-384.
  const digest = kind === "p384" ? "sha384" : "sha256";
  openssl([
    ...[
      "req",
      "-x509",
      "-new",
      `-${digest}`,
      "-key",
      key,
      "-subj",
      `/CN=${name}`,
      "-days",
      "3650",
      "-out",
      certificate,
    ],
    ...["-addext", "keyUsage=critical,keyCertSign,cRLSign"],
  ]);
  return authorityIn(folder, { certificate, key }, digest);
}

function authorityIn(folder: string, own: Issued, digest: string): Authority {
  const configuration = join(folder, "ca.conf");
  writeFileSync(join(folder, "index.txt"), "");
  writeFileSync(join(folder, "index.txt.attr"), "unique_subject = no\n");
  writeFileSync(join(folder, "serial"), "1001\n");
  writeFileSync(join(folder, "crlnumber"), "01\n");
  writeFileSync(
    configuration,
    [
      "[ca]\ndefault_ca = here\n[here]",
      `database = ${folder}/index.txt\nserial = ${folder}/serial\ncrlnumber = ${folder}/crlnumber\nnew_certs_dir = ${folder}`,
      `certificate = ${own.certificate}\nprivate_key = ${own.key}\ndefault_md = ${digest}\npolicy = any`,
      "[any]\ncountryName = optional\norganizationName = optional\norganizationalUnitName = optional\ncommonName = supplied\n",
    ].join("\n"),
  );
  const ca = (...args: readonly string[]): Buffer => openssl(["ca", "-config", configuration, "-batch", ...args]);
  let count = 0;

  const issue = (name: string, options: IssueOptions = {}): Issued => {
    const file = `${name.replaceAll(/[^A-Za-z0-9.-]/g, "_")}-${count++}`;
    const key = makeKey(folder, file, options.key ?? "ec");
    const [request, extra, certificate] = ["csr", "ext", "pem"].map((suffix) => join(folder, `${file}.${suffix}`)) as [
      string,
      string,
      string,
    ];
    openssl(["req", "-new", "-key", key, "-subj", `${options.organization ?? ""}/CN=${name}`, "-out", request]);
    const { usage = "server" } = options;
    const isServer = usage === "server" || usage === "any";
    const { alternativeName = isServer ? `DNS:${name}` : "none" } = options;
    const names = alternativeName === "none" ? [] : [`subjectAltName=${alternativeName}`];
    writeFileSync(extra, [...extensions[usage], ...names].join("\n"));
    const times = [
      ...(options.notBefore === undefined ? [] : ["-startdate", options.notBefore]),
      ...(options.notAfter === undefined ? ["-days", "3650"] : ["-enddate", options.notAfter]),
    ];
    ca("-preserveDN", "-notext", "-in", request, "-extfile", extra, "-out", certificate, ...times);
    return { certificate, key };
  };

  return {
    ...own,
    issue,
    subordinate(name) {
      const below = join(folder, name.replaceAll(/[^A-Za-z0-9.-]/g, "_"));
      mkdirSync(below, { recursive: true });
      return authorityIn(below, issue(name, { usage: "authority" }), digest);
    },
    revoke(issued) {
      ca("-revoke", issued.certificate);
    },
    revocationList(seconds = 86_400) {
      const path = join(folder, `crl-${count++}.pem`);
      // 0 seconds: openssl doesn't take it; a list of a second ago is made by waiting for its end.
      ca("-gencrl", "-crlsec", String(seconds), "-out", path);
      return path;
    },
    ocspResponse(issued) {
      const path = join(folder, `ocsp-${count++}.der`);
      openssl([
        ...["ocsp", "-index", join(folder, "index.txt"), "-rsigner", own.certificate, "-rkey", own.key],
        ...["-CA", own.certificate, "-issuer", own.certificate, "-cert", issued.certificate],
        ...["-ndays", "30", "-respout", path, "-noverify"],
      ]);
      return path;
    },
  };
}

/** @returns path of a PKCS #12 file */
export function bundlePkcs12(issued: Issued, authority: Issued, passphrase: string): string {
  const path = `${issued.certificate}.p12`;
  openssl([
    ...["pkcs12", "-export", "-in", issued.certificate, "-inkey", issued.key, "-certfile", authority.certificate],
    ...["-passout", `pass:${passphrase}`, "-out", path],
  ]);
  return path;
}

/** @returns path of the key, in PEM, encrypted */
export function encryptKey(issued: Issued, passphrase: string): string {
  const path = `${issued.key}.encrypted`;
  openssl(["pkcs8", "-topk8", "-in", issued.key, "-passout", `pass:${passphrase}`, "-out", path]);
  return path;
}

/** DER of the first PEM block in a file. */
export function derOf(path: string): Uint8Array {
  const text = readFileSync(path, "latin1");
  const base64 = /-----BEGIN [^-]+-----([^-]+)-----END/.exec(text)?.[1] ?? "";
  return Uint8Array.from(Buffer.from(base64, "base64"));
}
