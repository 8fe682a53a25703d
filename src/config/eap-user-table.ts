/** The users of an eap_user file, in little memory and found in the same time however many they are: 100,000 are no rarity. */

import { hexOf } from "../base/bytes.ts";
import { hash } from "../crypto/backend/node.ts";
import type { EapType } from "../wire/eap/types.ts";
import type { MethodList } from "./eap-methods.ts";
import type { EapCredential, EapUser, UserAttribute } from "./eap-user.ts";
import { type OctetText, octetTextOf } from "./octets.ts";

/** What whoever is looked for is compared with. */
export type EapUserPattern =
  | { readonly kind: "any" }
  | { readonly kind: "prefix"; readonly text: OctetText }
  | { readonly kind: "exact"; readonly text: OctetText };

export interface EapUserEntry {
  readonly pattern: EapUserPattern;
  readonly phase: 1 | 2;
  /** Many entries share one. */
  readonly profile: EapUserProfile;
  readonly credential: EapCredential | undefined;
}

export interface EapUserProfile extends MethodList {
  readonly peapVersion: 0 | 1 | undefined;
}

const nobody = -1;

/** By what may be looked for in one phase. The value is the number of the first entry that has it. */
class Index {
  readonly exact = new Map<OctetText, number>();
  readonly prefixes = new Map<OctetText, number>();
  /** Of prefixes, in octets. */
  readonly lengths = new Set<number>();
  any = nobody;

  find(identity: OctetText): number {
    return earlier(this.exact.get(identity), this.findPattern(identity));
  }

  /** Of `*` and prefixes only. */
  findPattern(identity: OctetText): number {
    let first = this.any;
    for (const length of this.lengths) {
      if (length <= identity.length) first = earlier(first, this.prefixes.get(identity.slice(0, length)));
    }
    return first;
  }
}

function earlier(a = nobody, b = nobody): number {
  if (a === nobody || b === nobody) return Math.max(a, b);
  return Math.min(a, b);
}

const credentialKinds = ["none", "password", "nt-hash", "sha1", "sha256", "sha512"] as const;
const hashLengths = { sha1: 20, sha256: 32, sha512: 64 } as const;

/** Octets of the credentials of a table, one after the other. */
interface Credentials {
  octets: Uint8Array;
}

/** A table that took another's place wipes nobody's password: a conversation, or a reload that is taken back, may still have the old one. When nobody has it, it goes. */
const forgotten = new FinalizationRegistry<Credentials>(({ octets }) => void octets.fill(0));

/** Whose octets they are part of: as long as somebody has a credential, its table is there. */
const tables = new WeakMap<EapCredential, EapUserTable>();

const digestOf = (contents: Uint8Array): string => hexOf(hash("sha256", contents));

/** As in hostapd the first entry of the file that fits is the one, be it `*`, a prefix or the identity itself. */
export class EapUserTable {
  /** Of what it was read from: two tables with the same one are the same. */
  readonly digest: string;
  readonly #phases = { 1: new Index(), 2: new Index() } as const;
  #length = 0;
  readonly #profiles: EapUserProfile[] = [];
  readonly #profileNumbers = new Map<EapUserProfile, number>();
  #profileOf = new Uint32Array(16);
  #kinds = new Uint8Array(16);
  /** Where the octets of an entry's credential begin; one more than there are entries. */
  #starts = new Uint32Array(17);
  readonly #credentials: Credentials = { octets: new Uint8Array(1024) };
  readonly #attributes = new Map<number, readonly UserAttribute[]>();

  constructor(contents: Uint8Array) {
    this.digest = digestOf(contents);
    forgotten.register(this, this.#credentials);
  }

  isOf(contents: Uint8Array): boolean {
    return this.digest === digestOf(contents);
  }

  get length(): number {
    return this.#length;
  }

  /** That anybody has, outside a tunnel or inside; some perhaps twice. */
  get methods(): readonly EapType[] {
    return this.#profiles.flatMap(({ methods }) => methods);
  }

  /** @returns the number of an earlier entry because of which this one is never found, if there is one */
  add({ pattern, phase, profile, credential }: EapUserEntry): number | undefined {
    const number = this.#length;
    this.#length += 1;
    this.#place(number, profile, credential);
    return this.#index(pattern, phase, number);
  }

  /** To the entry that was added last. */
  addAttribute(attribute: UserAttribute): void {
    const last = this.#length - 1;
    this.#attributes.set(last, [...(this.#attributes.get(last) ?? []), attribute]);
  }

  /** Octets of the credential are the table's own: who overwrites them copies them before. */
  find(identity: Uint8Array, phase: 1 | 2): EapUser | undefined {
    const number = this.#phases[phase].find(octetTextOf(identity));
    const profile = this.#profiles[this.#profileOf[number] ?? nobody];
    if (number === nobody || profile === undefined) return undefined;
    const { methods, ttls, peapVersion, macAcl } = profile;
    const attributes = this.#attributes.get(number) ?? [];
    const credential = this.#credentialAt(number);
    if (credential !== undefined) tables.set(credential, this);
    return { methods, ttls, credential, peapVersion, macAcl, attributes };
  }

  #index(pattern: EapUserPattern, phase: 1 | 2, number: number): number | undefined {
    const index = this.#phases[phase];
    switch (pattern.kind) {
      case "any": {
        // hostapd's `*` is of phase 1 whatever flag it has; with that of phase 2 it is nobody's name there.
        const before = this.#phases[1].any;
        if (before === nobody) this.#phases[1].any = number;
        if (phase === 2) enter(index.exact, "", number);
        return before === nobody ? undefined : before;
      }
      case "prefix": {
        const before = index.findPattern(pattern.text);
        index.lengths.add(pattern.text.length);
        enter(index.prefixes, pattern.text, number);
        return before === nobody ? undefined : before;
      }
      case "exact": {
        const before = index.find(pattern.text);
        enter(index.exact, pattern.text, number);
        return before === nobody ? undefined : before;
      }
    }
  }

  #place(number: number, profile: EapUserProfile, credential: EapCredential | undefined): void {
    if (number >= this.#profileOf.length) this.#grow();
    let profileNumber = this.#profileNumbers.get(profile);
    if (profileNumber === undefined) {
      profileNumber = this.#profiles.push(profile) - 1;
      this.#profileNumbers.set(profile, profileNumber);
    }
    this.#profileOf[number] = profileNumber;
    this.#kinds[number] = credentialKinds.indexOf(
      credential?.kind === "salted" ? credential.prep : (credential?.kind ?? "none"),
    );
    let end = this.#starts[number] ?? 0;
    for (const part of partsOf(credential)) {
      this.#makeRoom(end + part.length);
      this.#credentials.octets.set(part, end);
      end += part.length;
    }
    this.#starts[number + 1] = end;
  }

  #credentialAt(number: number): EapCredential | undefined {
    const kind = credentialKinds[this.#kinds[number] ?? 0] ?? "none";
    if (kind === "none") return undefined;
    const octets = this.#credentials.octets.subarray(this.#starts[number], this.#starts[number + 1]);
    switch (kind) {
      case "password":
        return { kind, password: octets };
      case "nt-hash":
        return { kind, hash: octets };
      case "sha1":
      case "sha256":
      case "sha512": {
        const length = hashLengths[kind];
        return { kind: "salted", prep: kind, hash: octets.subarray(0, length), salt: octets.subarray(length) };
      }
    }
  }

  #grow(): void {
    const room = 2 * this.#profileOf.length;
    this.#profileOf = grown(this.#profileOf, new Uint32Array(room));
    this.#kinds = grown(this.#kinds, new Uint8Array(room));
    this.#starts = grown(this.#starts, new Uint32Array(room + 1));
  }

  #makeRoom(length: number): void {
    const before = this.#credentials.octets;
    if (length <= before.length) return;
    this.#credentials.octets = grown(before, new Uint8Array(2 * length));
    before.fill(0);
  }
}

function partsOf(credential: EapCredential | undefined): readonly Uint8Array[] {
  switch (credential?.kind) {
    case undefined:
      return [];
    case "password":
      return [credential.password];
    case "nt-hash":
      return [credential.hash];
    case "salted":
      return [credential.hash, credential.salt];
  }
}

/** The first counts. */
function enter(index: Map<OctetText, number>, key: OctetText, number: number): void {
  if (!index.has(key)) index.set(key, number);
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
