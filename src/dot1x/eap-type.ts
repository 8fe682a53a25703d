import { type EapType, expandedType } from "../wire/eap/types.ts";

/**
 * The type of a request or response, without a look at the rest.
 * @param packet octets
 * @returns undefined where there is none
 */
export function eapTypeOf(packet: Uint8Array): EapType | undefined {
  const [code, , , , type, ...more] = packet.subarray(0, 12);
  if ((code !== 1 && code !== 2) || type === undefined) return undefined;
  if (type !== expandedType) return { vendor: 0, type };
  if (more.length < 7) return undefined;
  const view = new DataView(Uint8Array.from([0, ...more]).buffer);
  return { vendor: view.getUint32(0), type: view.getUint32(4) };
}
