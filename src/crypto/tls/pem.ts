/** PEM: DER in Base64 between two lines that name it. RFC 7468. */

export interface PemBlock {
  /** `CERTIFICATE`, `X509 CRL`. */
  readonly label: string;
  readonly der: Uint8Array;
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g;

/** The blocks of a file in order; what is between them is ignored, and so are blocks that are no Base64. */
export function parsePem(octets: Uint8Array): PemBlock[] {
  const text = new TextDecoder("latin1").decode(octets);
  return [...text.matchAll(block)].flatMap(([, label = "", contents = ""]) => {
    const der = decodeBase64(contents.replaceAll(/\s/g, ""));
    return der === undefined || der.length === 0 ? [] : [{ label, der }];
  });
}

/** Lines of 64 characters. RFC 7468, section 2. */
export function encodePem({ label, der }: PemBlock): string {
  const text = btoa(String.fromCharCode(...der)).replaceAll(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`;
}

/** Whether there is such a block at all. */
export const looksLikePem = (octets: Uint8Array): boolean =>
  new TextDecoder("latin1").decode(octets.subarray(0, 65_536)).includes("-----BEGIN ");

function decodeBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
