import assert from "node:assert/strict";
import { test } from "node:test";
import { FixedEntropy } from "../../../testing/fixed-entropy.ts";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { concat, Reader } from "../../base/bytes.ts";
import { seconds } from "../../base/duration.ts";
import { formatIpAddress } from "../../base/ip-address.ts";
import { broadcast, parseMacAddress } from "../../base/mac-address.ts";
import type { PacketSocket } from "../../linux/packet-socket.ts";
import { allNodes, allNodesHardware, decodeIcmpv6Frame, encodeIcmpv6Frame } from "../../wire/ip/icmpv6.ts";
import { decodeRouterAdvertisement } from "../../wire/ip/router-discovery.ts";
import { deriveUniqueLocalPrefix, firstAddress, linkLocalAddress } from "./prefix.ts";
import { AdvertisingRouter } from "./router.ts";

const own = parseMacAddress("02:00:00:00:00:01") ?? broadcast;
const phone = parseMacAddress("02:00:00:00:00:09") ?? broadcast;
const prefix = deriveUniqueLocalPrefix("0123456789abcdef", "wlan0");

function workshop() {
  const clock = new VirtualClock();
  const sent: Uint8Array[] = [];
  const waiting: Uint8Array[] = [];
  let readable = (): void => undefined;
  let linkLocal: Uint8Array | undefined;
  let isRouter = true;
  const packets: PacketSocket = {
    send: (frame) => void sent.push(frame),
    join: () => undefined,
    receive: () => waiting.shift(),
    onReadable: (handler) => {
      readable = handler;
      return { wake: () => handler(), close: () => undefined };
    },
    close: () => undefined,
  };
  const router = new AdvertisingRouter({
    clock,
    entropy: new FixedEntropy(),
    packets,
    hardware: own,
    linkLocal: () => linkLocal,
    isRouter: () => isRouter,
    prefix: { prefix, length: 64 },
    nameServers: [firstAddress(prefix)],
  });
  const heard = () =>
    sent.splice(0).map((octets) => {
      const frame = decodeIcmpv6Frame(new Reader(octets, []));
      assert.ok(frame);
      return { ...frame, advertisement: decodeRouterAdvertisement(new Reader(frame.message, [])) };
    });
  return {
    clock,
    router,
    heard,
    ready: () => {
      linkLocal = linkLocalAddress(own);
    },
    loseWayOut: () => {
      isRouter = false;
    },
    solicit: (...frames: readonly Uint8Array[]) => {
      waiting.push(...frames);
      readable();
    },
  };
}

const solicitation = (source = phone, sourceAddress = linkLocalAddress(source), options = new Uint8Array()) =>
  encodeIcmpv6Frame({
    source,
    destination: allNodesHardware,
    sourceAddress,
    destinationAddress: allNodes,
    message: concat(Uint8Array.of(133, 0, 0, 0, 0, 0, 0, 0), options),
  });

test("it waits for an address of the link, tells all three times, and then some times an hour", () => {
  const { clock, heard, ready, router } = workshop();
  clock.advance(seconds(1));
  assert.deepEqual(heard(), []);
  ready();
  clock.advance(seconds(1));
  const [first, ...others] = heard();
  assert.deepEqual(others, []);
  assert.equal(first?.destination, allNodesHardware);
  assert.equal(formatIpAddress(first?.sourceAddress ?? new Uint8Array(16)), "fe80::ff:fe00:1");
  assert.equal(first?.advertisement?.routerLifetime, 1800);
  assert.deepEqual(first?.advertisement?.prefixes, [
    { prefix, length: 64, validLifetime: 7200, preferredLifetime: 3600 },
  ]);
  assert.deepEqual(first?.advertisement?.nameServers, [firstAddress(prefix)]);
  clock.advance(seconds(33));
  assert.equal(heard().length, 2);
  clock.advance(seconds(3600));
  const hourly = heard().length;
  assert.ok(hourly >= 6 && hourly <= 18, `${hourly}`);
  router.close();
  assert.deepEqual(clock.armed, []);
});

test("whoever asks is answered alone, all that have no address yet by the link's group", () => {
  const { clock, heard, ready, solicit } = workshop();
  ready();
  clock.advance(seconds(1));
  heard();
  solicit(solicitation(), solicitation(phone, new Uint8Array(16)));
  assert.deepEqual(
    heard().map(({ destination, destinationAddress }) => [destination, formatIpAddress(destinationAddress)]),
    [
      [phone, "fe80::ff:fe00:9"],
      [phone, "ff02::1"],
    ],
  );
});

test("what is malformed, forged from afar or too much is not answered", () => {
  const { clock, heard, ready, solicit } = workshop();
  ready();
  clock.advance(seconds(1));
  heard();
  const far = solicitation();
  // The hop limit: somebody has routed it. RFC 4861, section 6.1.1.
  far[14 + 7] = 64;
  const wrong = solicitation();
  wrong[56] = 1;
  const nobody = solicitation(phone, new Uint8Array(16), Uint8Array.of(1, 1, 2, 0, 0, 0, 0, 9));
  const endless = solicitation(phone, linkLocalAddress(phone), Uint8Array.of(1, 0));
  solicit(far, wrong, nobody, endless, new Uint8Array(5));
  assert.deepEqual(heard(), []);
  solicit(...Array.from({ length: 1000 }, () => solicitation()));
  assert.ok(heard().length <= 20);
});

test("without a way out it is no router, and at the end it says goodbye", () => {
  const { clock, heard, ready, solicit, loseWayOut, router } = workshop();
  ready();
  clock.advance(seconds(1));
  heard();
  loseWayOut();
  solicit(solicitation());
  assert.equal(heard()[0]?.advertisement?.routerLifetime, 0);
  router.close();
  const [last] = heard();
  assert.equal(last?.advertisement?.routerLifetime, 0);
  assert.equal(last?.advertisement?.prefixes[0]?.preferredLifetime, 0);
  assert.equal(last?.advertisement?.nameServerLifetime, 0);
});

test("a machine's prefix is the same each time, another's another, and unique locally", () => {
  const text = (machine: string, name: string): string => formatIpAddress(deriveUniqueLocalPrefix(machine, name));
  assert.match(text("a", "wlan0"), /^fd[0-9a-f]{2}(:[0-9a-f]{1,4}){1,2}::$/);
  assert.equal(text("a", "wlan0"), text("a", "wlan0"));
  assert.notEqual(text("a", "wlan0"), text("b", "wlan0"));
  assert.notEqual(text("a", "wlan0"), text("a", "wlan1"));
});
