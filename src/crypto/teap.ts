/**
 * Keys of TEAP: from the tunnel's seed on, each method inside adds a link. With TLS up to 1.2 RFC 9930, sections 6.1 to 6.4; with TLS 1.3,
 * where TLS's exporter takes the place of its PRF, RFC 9427, section 2.2.
 */

import { concat } from "../base/bytes.ts";
import { type Digest, hmac } from "./backend/node.ts";
import { wipe } from "./secret.ts";
import { tlsPrf } from "./tls/prf.ts";

/** Keying material of a TLS session. RFC 5705; RFC 8446, section 7.5. */
export type TlsExporter = (label: string, context: Uint8Array | undefined, length: number) => Uint8Array;

/** Of one method inside. */
export interface TeapCompoundKeys {
  /** S-IMCK, 40 octets: what the next link begins with. */
  readonly chain: Uint8Array;
  /** Compound MAC Key, 20 octets. */
  readonly cmk: Uint8Array;
}

/** How one session derives. Octets that are returned are the caller's, to wipe. */
export interface TeapKeySchedule {
  /** session_key_seed, 40 octets: S-IMCK before any method. */
  seed(): Uint8Array;
  /** @param msk of the method; undefined where it has none */
  linkMsk(chain: Uint8Array, msk: Uint8Array | undefined): TeapCompoundKeys;
  linkEmsk(chain: Uint8Array, emsk: Uint8Array): TeapCompoundKeys;
  /** The first 20 octets of the MAC that the cipher suite has. */
  compoundMac(cmk: Uint8Array, buffer: Uint8Array): Uint8Array;
  /** 64 octets each, out of the last method's S-IMCK. */
  msk(chain: Uint8Array): Uint8Array;
  emsk(chain: Uint8Array): Uint8Array;
}

const seedLabel = "EXPORTER: teap session key seed";
const linkLabel = "Inner Methods Compound Keys";
const imskLabel = "TEAPbindkey@ietf.org";
const mskLabel = "Session Key Generating Function";
const emskLabel = "Extended Session Key Generating Function";
const chainLength = 40;
const cmkLength = 20;
const macLength = 20;
const imskLength = 32;
const keyLength = 64;
const none = new Uint8Array();

/** IMCK[j], cut; wipes it. */
function compoundKeys(imck: Uint8Array): TeapCompoundKeys {
  const keys = { chain: imck.slice(0, chainLength), cmk: imck.slice(chainLength) };
  wipe(imck);
  return keys;
}

const macWith =
  (digest: Digest) =>
  (cmk: Uint8Array, buffer: Uint8Array): Uint8Array =>
    hmac(digest, cmk, buffer).slice(0, macLength);

/** @param mac of the cipher suite; in one with AEAD, the PRF's */
export function teapKeysOfTls12(
  exported: TlsExporter,
  prf: "sha256" | "sha384" | "md5-sha1",
  mac: Digest,
): TeapKeySchedule {
  const link = (chain: Uint8Array, imsk: Uint8Array): TeapCompoundKeys => {
    const imck = tlsPrf(prf, chain, linkLabel, imsk, chainLength + cmkLength);
    wipe(imsk);
    return compoundKeys(imck);
  };
  return {
    seed: () => exported(seedLabel, undefined, chainLength),
    linkMsk(chain, msk) {
      const imsk = new Uint8Array(imskLength);
      imsk.set(msk?.subarray(0, imskLength) ?? none);
      return link(chain, imsk);
    },
    linkEmsk(chain, emsk) {
      // RFC 5295's key derivation: a zero behind the label, then the length.
      const derived = tlsPrf(prf, emsk, imskLabel, Uint8Array.of(0, 0, keyLength), keyLength);
      const imsk = derived.slice(0, imskLength);
      wipe(derived);
      return link(chain, imsk);
    },
    compoundMac: macWith(mac),
    msk: (chain) => tlsPrf(prf, chain, mskLabel, none, keyLength),
    emsk: (chain) => tlsPrf(prf, chain, emskLabel, none, keyLength),
  };
}

/** @param type of the method, which is the seed's context @param hash of the cipher suite, HKDF's */
export function teapKeysOfTls13(exported: TlsExporter, type: number, hash: "sha256" | "sha384"): TeapKeySchedule {
  const link = (chain: Uint8Array, secret: Uint8Array | undefined): TeapCompoundKeys => {
    const imsk = secret === undefined ? new Uint8Array(imskLength) : exported(imskLabel, secret, imskLength);
    const context = concat(chain, imsk);
    const imck = exported(`EXPORTER: ${linkLabel}`, context, chainLength + cmkLength);
    wipe(imsk, context);
    return compoundKeys(imck);
  };
  return {
    seed: () => exported(seedLabel, Uint8Array.of(type), chainLength),
    linkMsk: link,
    linkEmsk: link,
    compoundMac: macWith(hash),
    msk: (chain) => exported(`EXPORTER: ${mskLabel}`, chain, keyLength),
    emsk: (chain) => exported(`EXPORTER: ${emskLabel}`, chain, keyLength),
  };
}
