/** The access point that is shown: the daemon's own parts around one radio, its events told. */

import type { Radio } from "../../ap/radio.ts";
import { noNetwork } from "../../ap/radius/no-network.ts";
import { RadiusShared } from "../../ap/radius/shared.ts";
import { BeaconError } from "../../base/errors.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { Configuration } from "../../config/registry.ts";
import { watchAddressesOf } from "../../daemon/address-watching.ts";
import { openBackendOf } from "../../daemon/authentication.ts";
import { createControl } from "../../daemon/controlled.ts";
import { Daemon } from "../../daemon/daemon.ts";
import { openDevices } from "../../daemon/device-file.ts";
import { eapWorkers } from "../../daemon/eap-workers.ts";
import { keepRecord } from "../../daemon/record-file.ts";
import { openSaeTools } from "../../daemon/sae-tools.ts";
import type { Driver } from "../../driver/port.ts";
import { linuxEthernet } from "../../linux/ethernet-tap.ts";
import type { Network } from "./network.ts";
import type { Stage } from "./run.ts";
import { tellOfAccessPoint } from "./story.ts";
import type { Tell } from "./timeline.ts";
import type { Witness } from "./witness.ts";

export interface AccessPointOptions {
  readonly stage: Stage;
  readonly driver: Driver;
  readonly configuration: Configuration;
  readonly tell: Tell;
  readonly witness: Witness;
  /** What people call a station. */
  readonly nameOf: (station: MacAddress) => string;
  /** Names and bans of this machine's are in force, and it is heard who asks for an address. */
  readonly isReal?: boolean;
}

export interface AccessPoint {
  readonly radio: Radio;
  readonly address: () => MacAddress | undefined;
  /** Whether there is a control socket; what speaks against it has been logged. */
  readonly isControlled: boolean;
  /** @throws BeaconError */
  enable(): Promise<void>;
  /** Everybody is told; what else runs goes on. */
  disable(): void;
  /** All is as it was. */
  close(): void;
}

export async function createAccessPoint({
  stage,
  driver,
  configuration,
  tell,
  witness,
  nameOf,
  isReal = false,
}: AccessPointOptions): Promise<AccessPoint> {
  const { clock, entropy, log, logging, reactor, stop } = stage;
  const arithmetic = eapWorkers({ clock, log });
  const daemon = new Daemon({
    driver,
    ...(isReal ? { devices: openDevices(log) } : {}),
    clock,
    entropy,
    log,
    saeTools: await openSaeTools(clock, log),
    eapWorkers: arithmetic,
    openBackend: openBackendOf({ clock, entropy, log, arithmetic }),
    radius: new RadiusShared(noNetwork(clock)),
    openEthernet: linuxEthernet(reactor, log),
  });
  const radio = daemon.add(configuration);
  const address = (): MacAddress | undefined => radio.bsses[0]?.address;
  /** Who has sent a wrong proof in this attempt: each repetition of the question brings it again. */
  const mistaken = new Set<MacAddress>();
  daemon.listen((event) => {
    const isKnown = event.type === "psk-mismatch" && mistaken.has(event.station);
    if (event.type === "psk-mismatch") mistaken.add(event.station);
    if (event.type === "station-associated" || event.type === "station-left") mistaken.delete(event.station);
    if (!isKnown) tell("access point", tellOfAccessPoint(event, { nameOf, address }));
    witness.tell({ by: "access-point", event });
  });
  const leaveRecord = isReal ? keepRecord(daemon, log) : undefined;
  const stopWatching = isReal ? watchAddressesOf(daemon, reactor, log) : () => undefined;
  const control = createControl(daemon, { logging, reactor, terminate: stop });
  return {
    radio,
    address,
    isControlled: isFollowing(),
    enable: () => radio.enable(),
    disable: () => radio.disable(),
    close: () => {
      stopWatching();
      const left = leaveRecord?.();
      control.closeAll();
      void daemon.stop().then(left);
    },
  };

  /** An access point without a control socket is better than none. */
  function isFollowing(): boolean {
    try {
      control.follow();
      return true;
    } catch (thrown) {
      if (!(thrown instanceof BeaconError)) throw thrown;
      log.warning(`no control socket: ${thrown.message}`);
      return false;
    }
  }
}

/** What somebody needs who wants to join, or to look at it from outside. */
export function sayNetwork(network: Network, { isControlled }: AccessPoint, { say, paint, env }: Stage): void {
  const { ssid, passphrase, channel, frequency, controlDirectory, interfaceName } = network;
  const beacon = env["BEACON_CALLED_AS"] === undefined ? "bin/beacon" : "beacon";
  say(`${paint("name", "Network  ")}SSID '${paint("good", ssid)}', passphrase '${paint("good", passphrase)}'`);
  say(`         WPA2 with AES-CCMP, channel ${channel} (${frequency} MHz)`);
  if (!isControlled) return;
  const socket = `-p ${controlDirectory} -i ${interfaceName}`;
  say(`${paint("name", "Control  ")}${beacon} cli ${socket} all_sta`);
  say(`         or, the same: hostapd_cli ${socket} all_sta`);
}
