/** RADIUS packets in a stream, where nothing but their own length says where one ends. RFC 6613, sections 2.1 and 2.6.4. */

import { concat, Reader } from "../../base/bytes.ts";
import { longestRadiusPacket, radiusHeaderLength } from "./packet.ts";

const lengthAt = 2;

export class PacketStream {
  #rest: Uint8Array = new Uint8Array();

  /**
   * @returns the packets that are whole now, copies
   * @throws MalformedError where there is no packet: nobody knows where the next one would begin
   */
  push(octets: Uint8Array): Uint8Array[] {
    let rest = this.#rest.length === 0 ? octets : concat(this.#rest, octets);
    const packets: Uint8Array[] = [];
    while (rest.length >= lengthAt + 2) {
      const r = new Reader(rest.subarray(lengthAt), ["RADIUS"]);
      const length = r.u16be();
      if (length < radiusHeaderLength || length > longestRadiusPacket) r.fail(`a packet of ${length} octets`);
      if (rest.length < length) break;
      packets.push(rest.slice(0, length));
      rest = rest.subarray(length);
    }
    this.#rest = rest.slice();
    return packets;
  }
}
