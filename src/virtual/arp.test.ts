import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOfHex, hexOf, MalformedError, Reader } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { answerOf, decodeArp, encodeArp, requestFor } from "./arp.ts";

const own = "02:00:00:00:00:01" as MacAddress;

/** What Linux asks with; fields as in RFC 826. */
const asked = "0001080006040001020000000001" + "0a000001" + "000000000000" + "0a0000fe";

test("ARP packets are those of RFC 826", () => {
  assert.equal(hexOf(encodeArp(requestFor("10.0.0.254", own, "10.0.0.1"))), asked);
  const packet = decodeArp(new Reader(bytesOfHex(`${asked}0000`) ?? assert.fail(), ["ARP"]));
  assert.deepEqual(packet, requestFor("10.0.0.254", own, "10.0.0.1"));
});

test("only the one that is asked for answers", () => {
  const request = requestFor("10.0.0.254", own, "10.0.0.1");
  const other = "02:00:00:00:00:02" as MacAddress;
  assert.equal(answerOf(request, other, "10.0.0.2"), undefined);
  assert.equal(answerOf(request, other, undefined), undefined);
  const answer = answerOf(request, other, "10.0.0.254") ?? assert.fail();
  assert.deepEqual([answer.operation, answer.sender, answer.target], ["reply", other, own]);
  assert.equal(answerOf(answer, own, "10.0.0.1"), undefined);
});

test("what is not IPv4 over Ethernet is malformed", () => {
  for (const hex of [
    "",
    "0001",
    asked.replace("0800", "86dd"),
    asked.replace("06040001", "06040007"),
    asked.slice(0, -2),
  ]) {
    assert.throws(() => decodeArp(new Reader(bytesOfHex(hex) ?? assert.fail(), ["ARP"])), MalformedError);
  }
});
