import { concat, type Reader, Writer } from "../../base/bytes.ts";

/** IEEE 802 EtherTypes that an access point looks at itself. */
export const etherType = {
  ipv4: 0x0800,
  arp: 0x0806,
  vlan: 0x8100,
  ipv6: 0x86dd,
  eapol: 0x888e,
  preauthentication: 0x88c7,
  fastTransition: 0x890d,
} as const;

/** An MSDU's first octets: LLC with SNAP, as EtherTypes cross 802.11. IEEE Std 802-2014, 9.4. */
export interface Msdu {
  readonly etherType: number;
  readonly payload: Uint8Array;
}

const llcSnap = 0xaaaa03; // DSAP and SSAP SNAP, unnumbered information
const rfc1042Oui = 0x000000;
/** IEEE Std 802.1H: for the two protocols whose RFC 1042 form means a raw 802.3 frame to old bridges. */
const bridgeTunnelOui = 0x0000f8;

export const encodeMsdu = (msdu: Msdu): Uint8Array =>
  concat(new Writer().u24be(llcSnap).u24be(rfc1042Oui).u16be(msdu.etherType).finish(), msdu.payload);

/** @throws MalformedError where LLC is not SNAP, or SNAP carries no EtherType */
export function decodeMsdu(r: Reader): Msdu {
  if (r.u24be() !== llcSnap) r.fail("LLC header without SNAP");
  const oui = r.u24be();
  if (oui !== rfc1042Oui && oui !== bridgeTunnelOui) r.fail(`SNAP of OUI ${oui.toString(16)}`);
  return { etherType: r.u16be(), payload: r.rest().slice() };
}
