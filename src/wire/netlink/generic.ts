/** Generic netlink: a family of commands behind a number that the kernel gives out. linux/genetlink.h. */

import { concat, Reader } from "../../base/bytes.ts";
import { attr, attributes, list, nested, text, u16, u32 } from "./attributes.ts";

export interface GenericMessage {
  readonly command: number;
  readonly version: number;
  /** The attributes, encoded. */
  readonly attributes: Uint8Array;
}

export const encodeGeneric = (message: GenericMessage): Uint8Array =>
  concat(Uint8Array.of(message.command, message.version, 0, 0), message.attributes);

/** @throws MalformedError */
export function decodeGeneric(payload: Uint8Array): GenericMessage {
  const r = new Reader(payload, ["generic netlink"]);
  const command = r.u8();
  const version = r.u8();
  r.take(2);
  return { command, version, attributes: r.rest() };
}

/** The family that tells of families, GENL_ID_CTRL. */
export const controller = { family: 16, version: 1, newFamily: 1, getFamily: 3 } as const;

const group = attributes({ name: attr(1, text), id: attr(2, u32) }, ["name", "id"]);

/** enum of CTRL_ATTR_* */
export const familyAttributes = attributes({
  id: attr(1, u16),
  name: attr(2, text),
  version: attr(3, u32),
  headerSize: attr(4, u32),
  maxAttribute: attr(5, u32),
  groups: attr(7, list(nested(group))),
});

export interface Family {
  readonly id: number;
  readonly version: number;
  /** Multicast groups by name. */
  readonly groups: ReadonlyMap<string, number>;
}

export const encodeGetFamily = (name: string): Uint8Array =>
  encodeGeneric({
    command: controller.getFamily,
    version: controller.version,
    attributes: familyAttributes.encode({ name }),
  });

/** @throws MalformedError */
export function decodeFamily(payload: Uint8Array): Family {
  const r = new Reader(decodeGeneric(payload).attributes, ["family"]);
  const { id, version, groups } = familyAttributes.decode(r);
  if (id === undefined) return r.fail("a family without its number");
  return { id, version: version ?? 1, groups: new Map((groups ?? []).map(({ name, id }) => [name, id])) };
}
