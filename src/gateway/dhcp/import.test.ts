import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { utf8 } from "../../base/bytes.ts";
import { parseDhcpdLeases } from "../../config/dhcpd/leases.ts";
import { importLeases, recordOf } from "./import.ts";
import type { LeaseRecord } from "./journal.ts";

/** As ISC's dhcpd 4.4.3 writes it; dhcpd.leases(5). 1767268800 is 2026/01/01 12:00:00. */
const file = `# The format of this file is documented in the dhcpd.leases(5) manual page.
# This lease file was written by isc-dhcp-4.4.3-P1

authoring-byte-order little-endian;
server-duid "\\000\\001\\000\\001+\\355";

lease 192.168.2.100 {
  starts 4 2026/01/01 10:00:00;
  ends 4 2026/01/01 11:00:00;
  binding state active;
  hardware ethernet 2:0:0:0:1:0;
}
lease 192.168.2.100 {
  starts 4 2026/01/01 12:00:00;
  ends 5 2026/01/02 12:00:00;
  tstp 5 2026/01/02 12:00:00;
  cltt 4 2026/01/01 12:00:00;
  binding state active;
  next binding state free;
  rewind binding state free;
  hardware ethernet 02:00:00:00:01:00;
  uid "\\001\\002\\000\\000\\000\\001\\000";
  set vendor-class-identifier = "udhcp 1.35";
  client-hostname "phone";
  on expiry { log(info, "over; }"); }
}
lease 192.168.2.101 {
  starts epoch 1767268800; # 2026
  ends never;
  binding state active;
  hardware ethernet 02:00:00:00:02:00;
}
lease 192.168.2.102 {
  starts 4 2026/01/01 12:00:00;
  ends 4 2026/01/01 12:10:00;
  binding state free;
  hardware ethernet 02:00:00:00:03:00;
  uid 01:02:00:00:00:03:00;
}
lease 192.168.2.103 {
  starts 4 2026/01/01 12:00:00;
  binding state abandoned;
  client-hostname "nobody";
}
ia-na "\\001" { cltt 4 2026/01/01 12:00:00; }
lease 192.168.2.104 {
  starts 4 2026/01/01 12:00:00;
  binding state act`;

const noon = 1_767_268_800;

test("the last lease of each address, whose it is and how long; a last one that was cut is none", () => {
  const records = parseDhcpdLeases(utf8(file)).map((lease) => recordOf(lease, noon + 60));
  assert.deepEqual(records, [
    {
      address: "192.168.2.100",
      client: "id 01020000000100",
      hardware: "02:00:00:00:01:00",
      hostName: "phone",
      state: "bound",
      until: noon + 86_400,
      since: noon,
    },
    {
      address: "192.168.2.101",
      client: "hw 01020000000200",
      hardware: "02:00:00:00:02:00",
      state: "bound",
      until: null,
      since: noon,
    },
    {
      address: "192.168.2.102",
      client: "id 01020000000300",
      hardware: "02:00:00:00:03:00",
      state: "released",
      until: noon + 600,
      since: noon,
    },
    { address: "192.168.2.103", client: "", state: "declined", since: noon + 60, until: noon + 60 + 86_400 },
  ]);
});

test("what is known of an address already is kept", async () => {
  const own: LeaseRecord = { address: "192.168.2.100", client: "hw 01", state: "bound", until: null, since: 1 };
  const added: LeaseRecord[] = [];
  const journal = { records: [own], append: async (record: LeaseRecord) => void added.push(record) };
  assert.equal(await importLeases(parseDhcpdLeases(utf8(file)), journal, noon), 3);
  assert.deepEqual(
    added.map(({ address }) => address),
    ["192.168.2.101", "192.168.2.102", "192.168.2.103"],
  );
});

test("whatever the file says, it is read", () => {
  const pieces = fc.constantFrom(
    "lease",
    "10.0.0.1",
    "{",
    "}",
    ";",
    '"',
    "ends",
    "never",
    "epoch",
    "9",
    "uid",
    "binding",
    "\n",
  );
  fc.assert(fc.property(fc.array(pieces), (words) => void parseDhcpdLeases(utf8(words.join(" ")))));
  fc.assert(fc.property(fc.uint8Array(), (octets) => void parseDhcpdLeases(octets)));
});
