/** The whole show on the virtual radio: access point, stations, and the machine behind them. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { milliseconds } from "../../base/duration.ts";
import { zeroAddress } from "../../base/mac-address.ts";
import { createVirtualDriver } from "../../driver/virtual/index.ts";
import { VirtualMedium } from "../../driver/virtual/medium.ts";
import { exitStatus } from "../command.ts";
import { type AccessPoint, createAccessPoint, sayNetwork } from "./access-point.ts";
import { Cast, hostIp, hostName, judge } from "./cast.ts";
import { configurationOf, newNetwork } from "./network.ts";
import { forever } from "./real-show.ts";
import type { Stage } from "./run.ts";
import { tellOfStation } from "./story.ts";
import { type VirtualHost, virtualHost } from "./virtual-host.ts";
import { Witness } from "./witness.ts";

const interfaceName = "virtual0";
/** Channel 1. */
const channel = { band: "2.4GHz", frequency: 2412 } as const;
/** Between two acts, for those who watch. */
const pauseToRead = 700;

/** @returns the exit status */
export async function showVirtual(stage: Stage): Promise<number> {
  const controlDirectory = mkdtempSync(join(stage.env["XDG_RUNTIME_DIR"] ?? tmpdir(), "beacond-"));
  try {
    return await play(stage, controlDirectory);
  } finally {
    rmSync(controlDirectory, { recursive: true, force: true });
  }
}

async function play(stage: Stage, controlDirectory: string): Promise<number> {
  const { say, tell, clock, entropy, signal, once } = stage;
  // Two attempts, so that nobody waits long for the wrong passphrase to be given up.
  const network = newNetwork(channel, entropy, { interfaceName, controlDirectory, handshakeAttempts: 2 });
  const medium = new VirtualMedium(clock);
  const witness = new Witness(clock);
  const cast = new Cast({ network, medium, clock, entropy, witness, tell });
  const driver = createVirtualDriver(medium, clock, entropy, { uplink: (_, frame) => host.receive(frame) });
  const accessPoint = await createAccessPoint({
    stage,
    driver,
    configuration: configurationOf(network),
    tell,
    witness,
    nameOf: (station) => cast.nameOf(station),
  });
  const host = hostOf(accessPoint);
  try {
    sayNetwork(network, accessPoint, stage);
    say("");
    await accessPoint.enable();
    await cast.play(host, once ? 0 : pauseToRead, signal);
    const wrong = signal.aborted ? [] : judge(witness, cast.stations);
    sayResult(wrong, stage);
    if (!once && !signal.aborted) {
      say("The access point stays up, with the phone on it. Ctrl-C ends it.\n");
      await witness.until(() => signal.aborted, forever, signal);
    }
    return wrong.length === 0 ? exitStatus.done : exitStatus.failed;
  } finally {
    accessPoint.disable();
    // The phone is to hear it too.
    await witness.until(() => !cast.stations.phone.isConnected, milliseconds(100), new AbortController().signal);
    cast.close();
    host.close();
    accessPoint.close();
    say("\nAll is as it was.");
  }

  function hostOf({ radio, address }: AccessPoint): VirtualHost {
    return virtualHost({
      ip: hostIp,
      clock,
      address: () => address() ?? zeroAddress,
      send: (frame) => radio.bsses[0]?.port?.sendEthernet(frame),
      listener: (event) => {
        tell(hostName, tellOfStation(event, network.ssid));
        witness.tell({ by: hostName, event });
      },
    });
  }
}

function sayResult(wrong: readonly string[], { say, paint, signal }: Stage): void {
  say("");
  if (wrong.length > 0) {
    say(paint("bad", "This did not come out as it should:"));
    for (const each of wrong) say(`  ${each}`);
  } else if (!signal.aborted) {
    say(paint("good", "One of three is in and has sent and received; the other two were refused, and told why."));
  }
}
