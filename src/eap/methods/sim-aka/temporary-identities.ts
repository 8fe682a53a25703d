/** Pseudonyms, and what fast reauthentication needs: by them, peers keep their permanent identity to themselves. */

import { wipe } from "../../../crypto/secret.ts";

/** Keys that outlive the full authentication they come from. */
export type ReauthenticationSecret =
  | { readonly kind: "master-key"; readonly masterKey: Uint8Array }
  | { readonly kind: "aka-prime"; readonly kEncr: Uint8Array; readonly kAut: Uint8Array; readonly kRe: Uint8Array };

export interface Reauthentication {
  /** Permanent user name. */
  readonly permanent: string;
  /** AT_COUNTER of the next fast reauthentication. */
  readonly counter: number;
  readonly secret: ReauthenticationSecret;
}

/**
 * Its promises are not broken: what can't be looked up isn't there, and what can't be kept won't be there.
 * A permanent user name has one pseudonym and one identity for fast reauthentication: the last ones.
 */
export interface TemporaryIdentities {
  permanentOf(pseudonym: string): Promise<string | undefined>;
  addPseudonym(permanent: string, pseudonym: string): Promise<void>;
  /** Its secret belongs to the store: whoever needs it for longer copies it. */
  reauthenticationOf(identity: string): Promise<Reauthentication | undefined>;
  /** The secret becomes the store's. */
  addReauthentication(identity: string, reauthentication: Reauthentication): Promise<void>;
  removeReauthentication(permanent: string): Promise<void>;
  close(): Promise<void>;
}

/** In memory, for as long as the process lives. @param capacity of each kind; whoever has not been seen for longest goes first */
export function temporaryIdentities(capacity: number): TemporaryIdentities {
  const pseudonyms = new NewestByOwner<string>(capacity, () => undefined);
  const reauthentications = new NewestByOwner<Reauthentication>(capacity, ({ secret }) => wipeSecret(secret));
  return {
    permanentOf: async (pseudonym) => pseudonyms.get(pseudonym),
    addPseudonym: async (permanent, pseudonym) => pseudonyms.set(permanent, pseudonym, permanent),
    reauthenticationOf: async (identity) => reauthentications.get(identity),
    addReauthentication: async (identity, entry) => reauthentications.set(entry.permanent, identity, entry),
    removeReauthentication: async (permanent) => reauthentications.remove(permanent),
    close: async () => reauthentications.clear(),
  };
}

export function copySecret(secret: ReauthenticationSecret): ReauthenticationSecret {
  switch (secret.kind) {
    case "master-key":
      return { kind: secret.kind, masterKey: secret.masterKey.slice() };
    case "aka-prime":
      return {
        kind: secret.kind,
        kEncr: secret.kEncr.slice(),
        kAut: secret.kAut.slice(),
        kRe: secret.kRe.slice(),
      };
  }
}

export function wipeSecret(secret: ReauthenticationSecret): void {
  switch (secret.kind) {
    case "master-key":
      return wipe(secret.masterKey);
    case "aka-prime":
      return wipe(secret.kEncr, secret.kAut, secret.kRe);
  }
}

/** Values by name, of which each owner has one. */
class NewestByOwner<Value> {
  readonly #byName = new Map<string, Value>();
  /** In the order in which they were set. */
  readonly #names = new Map<string, string>();

  constructor(
    readonly capacity: number,
    readonly dispose: (value: Value) => void,
  ) {}

  get(name: string): Value | undefined {
    return this.#byName.get(name);
  }

  set(owner: string, name: string, value: Value): void {
    this.remove(owner);
    this.#names.set(owner, name);
    this.#byName.set(name, value);
    if (this.#names.size <= this.capacity) return;
    const [oldest] = this.#names.keys();
    if (oldest !== undefined) this.remove(oldest);
  }

  clear(): void {
    for (const owner of [...this.#names.keys()]) this.remove(owner);
  }

  remove(owner: string): void {
    const name = this.#names.get(owner);
    if (name === undefined) return;
    const value = this.#byName.get(name);
    if (value !== undefined) this.dispose(value);
    this.#byName.delete(name);
    this.#names.delete(owner);
  }
}
