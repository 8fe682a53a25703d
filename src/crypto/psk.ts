import { pbkdf2Sha1, pbkdf2Sha1Now } from "./backend/node.ts";

/** The pre-shared key of a passphrase. IEEE Std 802.11-2020, J.4.1. Off the event loop. @returns 32 octets */
export const derivePsk = (passphrase: Uint8Array, ssid: Uint8Array): Promise<Uint8Array> =>
  pbkdf2Sha1(passphrase, ssid, 4096, 32);

/** The same, blocking for some milliseconds: for tests and tools. */
export const derivePskNow = (passphrase: Uint8Array, ssid: Uint8Array): Uint8Array =>
  pbkdf2Sha1Now(passphrase, ssid, 4096, 32);

/** The same off the event loop, for those who don't like promises. @param done gets undefined where it failed */
export function derivePskInBackground(
  passphrase: Uint8Array,
  ssid: Uint8Array,
  done: (psk: Uint8Array | undefined) => void,
): void {
  derivePsk(passphrase, ssid).then(done, () => done(undefined));
}
