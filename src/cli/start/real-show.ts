/** An access point on a real radio, open for real stations. */

import { milliseconds, seconds } from "../../base/duration.ts";
import type { Driver } from "../../driver/port.ts";
import { exitStatus } from "../command.ts";
import { defaultDirectory } from "../hostapd-cli/options.ts";
import { createAccessPoint, sayNetwork } from "./access-point.ts";
import type { ChannelChoice } from "./choose-radio.ts";
import { configurationOf, newNetwork } from "./network.ts";
import type { Stage } from "./run.ts";
import { Witness } from "./witness.ts";

/** @returns the exit status @throws BeaconError where the radio doesn't become an access point; it is as it was then */
export async function showReal(
  stage: Stage,
  driver: Driver,
  interfaceName: string,
  channel: ChannelChoice,
): Promise<number> {
  const { say, tell, clock, entropy, signal, once } = stage;
  const network = newNetwork(channel, entropy, {
    interfaceName,
    controlDirectory: defaultDirectory,
    handshakeAttempts: undefined,
  });
  const witness = new Witness(clock);
  const accessPoint = await createAccessPoint({
    stage,
    driver,
    configuration: configurationOf(network),
    tell,
    witness,
    nameOf: (station) => station,
    isReal: true,
  });
  try {
    sayNetwork(network, accessPoint, stage);
    say("         Beacond gives out no IP addresses yet: a device that joins needs a fixed one.");
    if (!once) say("\nCtrl-C ends it.");
    say("");
    await accessPoint.enable();
    if (!once) await witness.until(() => signal.aborted, forever, signal);
  } finally {
    accessPoint.disable();
    // Frames that say goodbye want to be sent before the interface goes down.
    await witness.until(() => false, milliseconds(50), new AbortController().signal);
    accessPoint.close();
    say("\nAll is as it was.");
  }
  return exitStatus.done;
}

export const forever = seconds(10 * 365 * 24 * 3600);
