import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { Reader, utf8 } from "../../base/bytes.ts";
import { Log } from "../../base/log.ts";
import { parseRadiusClients } from "../../config/radius-clients.ts";
import { acctStatusTypes, radius } from "../../wire/radius/attributes.ts";
import { decodeRadiusPacket, radiusCodes } from "../../wire/radius/packet.ts";
import { AttributeList, allOf } from "../../wire/radius/values.ts";
import { builtInDictionary } from "../dictionary.ts";
import {
  checkMessageAuthenticator,
  sealAccessRequest,
  sealChecksummedRequest,
  verifyResponseAuthenticator,
} from "../sealing.ts";
import { type AccountingRecord, AccountingServer } from "./accounting.ts";
import { ClientTable } from "./clients.ts";
import { ServerCounters } from "./counters.ts";
import { recordLine } from "./record-line.ts";
import { Strangers } from "./strangers.ts";

const secret = utf8("radius");
const nas = { address: "10.0.0.1", port: 5000 };

function scene() {
  const { clients } = parseRadiusClients(utf8("10.0.0.0/24 radius"), "clients");
  const clock = new VirtualClock();
  const lines: string[] = [];
  const log = new Log(({ level, text }) => void lines.push(`${level} ${text}`));
  const records: AccountingRecord[] = [];
  const sent: Uint8Array[] = [];
  const counters = new ServerCounters(clients.length);
  const disk = { isFull: false };
  const server = new AccountingServer({
    clients: new ClientTable(clients),
    counters,
    strangers: new Strangers(clock, log, "port 1813"),
    clock,
    log,
    isLogged: true,
    record: async (record) => {
      if (disk.isFull) return false;
      records.push(record);
      return true;
    },
    send: (packet) => void sent.push(packet),
  });
  const receive = async (octets: Uint8Array, from = nas): Promise<void> => {
    server.receive(octets, from);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { receive, lines, records, sent, counters, disk };
}

const stop = new AttributeList()
  .add(radius.acctStatusType, acctStatusTypes.stop)
  .add(radius.acctSessionId, utf8("5E5B-1"))
  .add(radius.userName, utf8("user\n"))
  .add(radius.nasIdentifier, utf8("ap"))
  .add(radius.callingStationId, "02-00-00-00-00-01")
  .add(radius.acctSessionTime, 60)
  .add(radius.acctInputOctets, 5)
  .add(radius.acctInputGigawords, 1)
  .add(radius.acctTerminateCause, 1)
  .add(radius.class, Uint8Array.of(1))
  .add(radius.class, Uint8Array.of(2))
  .add(radius.userPassword, utf8("0123456789abcdef"))
  .add(radius.proxyState, Uint8Array.of(9))
  .add(radius.msMppeSendKey, utf8("0123456789abcdefXX")).list;
const request = (attributes = stop, key = secret): Uint8Array =>
  sealChecksummedRequest(key, { code: 4, identifier: 3, attributes }, false);

describe("accounting", () => {
  test("is answered when it is written down, and logged in hostapd's words", async () => {
    const { receive, records, sent, lines, counters } = scene();
    await receive(request());
    assert.equal(records.length, 1);
    const [answer] = sent;
    assert.ok(answer && verifyResponseAuthenticator(secret, request().subarray(4, 20), answer));
    const decoded = decodeRadiusPacket(new Reader(answer, []));
    assert.equal(decoded.code, radiusCodes["Accounting-Response"]);
    assert.deepEqual(allOf(decoded.attributes, radius.proxyState), [Uint8Array.of(9)]);
    assert.deepEqual(lines, [
      "info RADIUS ACCT: NAS='ap' session='5E5B-1' status='Accounting-Stop' station='02-00-00-00-00-01' username='user?' session_time=60 term_cause=1 pck_in=0 pck_out=0 bytes_in=4294967301 bytes_out=0",
    ]);
    assert.equal(counters.value("accountingResponses", 0), 1);
  });

  test("asked for again, it is written once", async () => {
    const { receive, records, sent } = scene();
    await receive(request());
    await receive(request());
    assert.equal(records.length, 1);
    assert.deepEqual(sent[0], sent[1]);
  });

  test("on a full disk there is no answer, and the next time another try", async () => {
    const { receive, records, sent, disk } = scene();
    disk.isFull = true;
    await receive(request());
    assert.equal(sent.length, 0);
    disk.isFull = false;
    await receive(request());
    assert.equal(records.length, 1);
    assert.equal(sent.length, 1);
  });

  test("what is wrong is counted, and never answered", async () => {
    const { receive, records, sent, counters } = scene();
    await receive(request(), { address: "192.0.2.1", port: 1 });
    await receive(request(stop, utf8("wrong")));
    await receive(new Uint8Array(10));
    await receive(request([{ type: 40, value: Uint8Array.of(1) }]));
    await receive(request([]));
    await receive(sealAccessRequest(secret, new Uint8Array(16), { code: 1, identifier: 1, attributes: [] }));
    assert.equal(counters.value("invalidAccountingRequests"), 1);
    assert.equal(counters.value("accountingBadAuthenticators", 0), 1);
    assert.equal(counters.value("malformedAccountingRequests", 0), 2);
    assert.equal(counters.value("unknownAccountingTypes", 0), 1);
    assert.equal(records.length + sent.length, 0);
  });

  test("cut at each octet, and with lengths of attributes that can't be: counted, never answered", async () => {
    const { receive, records, sent, counters } = scene();
    const good = request();
    for (let length = 0; length < good.length; length++) await receive(good.slice(0, length));
    for (const attribute of [
      [40, 0],
      [40, 1],
      [40, 7, 0, 0, 0, 1],
    ]) {
      await receive(Uint8Array.of(4, 1, 0, 20 + attribute.length, ...new Uint8Array(16), ...attribute));
    }
    assert.equal(counters.value("malformedAccountingRequests", 0), good.length + 3);
    assert.equal(records.length + sent.length, 0);
    await receive(good);
    assert.deepEqual([records.length, sent.length], [1, 1]);
  });

  test("unknown clients and wrong secrets: one line a minute each", async () => {
    const { receive, lines } = scene();
    for (let i = 0; i < 5; i++) await receive(request(), { address: "192.0.2.1", port: i });
    for (let i = 0; i < 5; i++) await receive(request(stop, utf8("wrong")));
    assert.equal(lines.filter((line) => line.includes("no RADIUS client here")).length, 1);
    assert.equal(lines.filter((line) => line.includes("secret is another")).length, 1);
  });

  test("whatever a client says, nothing is thrown, and what is answered is written down as a line of its own", async () => {
    const attribute = fc.record({
      type: fc.constantFrom(1, 4, 25, 26, 31, 33, 40, 44, 46, 52, 80),
      value: fc.uint8Array({ maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(attribute, { maxLength: 8 }), fc.boolean(), async (some, isStop) => {
        const { receive, records, sent, lines } = scene();
        await receive(request(isStop ? [...stop, ...some] : some));
        assert.equal(sent.length, records.length);
        for (const record of records) assert.match(recordLine(record, builtInDictionary()), /^\{[^\n]*\}\n$/);
        assert.ok(!lines.some((line) => line.startsWith("error") || line.includes("\n")), lines.join("\n"));
      }),
      { numRuns: 200 },
    );
  });

  test("Status-Server: RFC 5997", async () => {
    const { receive, sent, counters } = scene();
    const status = sealAccessRequest(secret, new Uint8Array(16), { code: 12, identifier: 1, attributes: [] });
    await receive(status);
    assert.equal(sent[0]?.[0], radiusCodes["Accounting-Response"]);
    assert.equal(checkMessageAuthenticator(secret, sent[0] ?? secret, new Uint8Array(16)), "right");
    assert.equal(counters.value("accountingRequests"), 0);
  });
});

test("a record is a line of JSON without passwords and keys", async () => {
  const { receive, records } = scene();
  await receive(request());
  const [record] = records;
  assert.ok(record);
  const line = recordLine({ ...record, time: 1700000000.1234 }, builtInDictionary());
  assert.ok(line.endsWith("}\n") && line.indexOf("\n") === line.length - 1);
  assert.deepEqual(JSON.parse(line), {
    time: 1700000000.123,
    client: "10.0.0.1",
    "Acct-Status-Type": "Stop",
    "Acct-Session-Id": "5E5B-1",
    "User-Name": "user\n",
    "NAS-Identifier": "ap",
    "Calling-Station-Id": "02-00-00-00-00-01",
    "Acct-Session-Time": 60,
    "Acct-Input-Octets": 5,
    "Acct-Input-Gigawords": 1,
    "Acct-Terminate-Cause": "User-Request",
    Class: ["0x01", "0x02"],
    "Proxy-State": "0x09",
  });
});
