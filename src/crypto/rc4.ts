/**
 * RC4 as WPA's key descriptor version 1 uses it. OpenSSL 3 keeps it in a provider that is not loaded, so it is here.
 * IEEE Std 802.11-2020, 12.7.2 (Key Data, version 1): the first 256 octets of the key stream are thrown away.
 */
export function rc4(key: Uint8Array, data: Uint8Array, skip: number): Uint8Array {
  const state = Uint8Array.from({ length: 256 }, (_, i) => i);
  const at = (i: number): number => state[i & 0xff] ?? 0;
  const swap = (i: number, j: number): void => {
    const kept = at(i);
    state[i & 0xff] = at(j);
    state[j & 0xff] = kept;
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + at(i) + (key[i % key.length] ?? 0)) & 0xff;
    swap(i, j);
  }
  let i = 0;
  let j = 0;
  const next = (): number => {
    i = (i + 1) & 0xff;
    j = (j + at(i)) & 0xff;
    swap(i, j);
    return at(at(i) + at(j));
  };
  for (let n = 0; n < skip; n++) next();
  return data.map((octet) => octet ^ next());
}
