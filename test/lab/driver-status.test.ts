// lab: radios=2, no-capture
/** What is told of the driver, beside Debian's hostapd: not all that it tells, but nothing else, in its order. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Daemon, debianHostapd, startDaemon } from "../../lab/guest/daemon.ts";
import { openConfig } from "./networks.ts";

const vendorTest = "1374 1 080008007b000000";

test("STATUS-DRIVER, DRIVER_FLAGS and VENDOR", async (t) => {
  const answersOf = async (ap: Daemon) => ({
    status: (await ap.cli("raw", "STATUS-DRIVER")).split("\n"),
    flags: (await ap.cli("raw", "DRIVER_FLAGS")).split("\n"),
    vendor: await ap.cli("vendor", ...vendorTest.split(" ")),
    refused: await ap.cli("vendor", "1374", "2", "00"),
  });
  const config = openConfig("meadow", "bridge=br0");
  const debians = await startDaemon(t, { config, program: debianHostapd });
  const theirs = await answersOf(debians);
  await debians.stop();
  const own = await answersOf(await startDaemon(t, { config }));

  // capa.flags2 is newer than 2.10, and the flags are those of an access point only
  const told = own.status.filter((line) => !line.startsWith("capa.flags") && !line.startsWith("country="));
  assert.deepEqual(
    theirs.status.filter((line) => told.includes(line)),
    told,
  );
  const [, ...flags] = own.flags;
  assert.deepEqual(
    theirs.flags.filter((flag) => flags.includes(flag)),
    flags,
  );
  assert.ok(flags.includes("AP") && flags.includes("EXTENDED_KEY_ID"));
  // mac80211_hwsim's own vendor command answers with what it was told and two more
  assert.equal(own.vendor, "7d000000");
  assert.equal(own.vendor, theirs.vendor);
  assert.equal(own.refused, theirs.refused);
});
