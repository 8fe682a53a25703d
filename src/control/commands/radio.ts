/** The radio's life: up, down, and in between. */

import type { Radio } from "../../ap/radio.ts";
import { changesBetween } from "../../ap/reload-plan.ts";
import { BeaconError } from "../../base/errors.ts";
import type { Configuration } from "../../config/registry.ts";
import { bssOf, done, fail, type GlobalContext, type InterfaceContext, ok, onGlobal, onInterface } from "../command.ts";
import { usable } from "../wanted.ts";

/** It holds its interface, though that may be down for a while. */
const isHeld = (radio: Radio): boolean => radio.phy !== undefined;

async function enable(context: InterfaceContext): Promise<string> {
  const { radio, wanted, log } = context;
  if (isHeld(radio)) {
    log.error(`Interface ${radio.name} already enabled`);
    return fail;
  }
  radio.configure(usable(wanted.of(radio)));
  try {
    await radio.enable();
    return ok;
  } catch (thrown) {
    if (!(thrown instanceof BeaconError)) throw thrown;
    log.error(`Enabling of interface failed: ${thrown.message}`);
    context.announce("AP-DISABLED ");
    return fail;
  }
}

function disable({ radio, log }: InterfaceContext): string {
  if (!isHeld(radio)) {
    log.info(`Interface ${radio.name} already disabled`);
    return fail;
  }
  radio.disable();
  return ok;
}

/** What SET has gathered. @param only the place of the BSS that is meant; undefined for the whole radio */
function gathered({ radio, wanted }: InterfaceContext, only: number | undefined): Configuration {
  const next = usable(wanted.of(radio));
  if (only === undefined) return next;
  const { bsses } = radio.configuration;
  return { ...next, bsses: bsses.map((bss, i) => (i === only ? (next.bsses[i] ?? bss) : bss)) };
}

async function reload(context: InterfaceContext, only: number | undefined): Promise<string> {
  const { radio, wanted, follow } = context;
  const all = wanted.of(radio);
  await radio.reload(gathered(context, only));
  if (only !== undefined) wanted.set(radio, all);
  for (const [index, bss] of radio.bsses.entries()) {
    // start_disabled holds the beacon back until somebody asks for it
    if (only === undefined || index === only) bss.updateBeacon();
  }
  follow();
  return ok;
}

async function reloadConfiguration({ radio, reload: again }: InterfaceContext): Promise<string> {
  await again(radio);
  return ok;
}

function updateBeacon(context: InterfaceContext): string {
  const { radio, wanted } = context;
  const bss = bssOf(context);
  if (!bss?.port) return fail;
  const next = wanted.of(radio);
  const isHarmless = changesBetween(radio.configuration, next).every(
    ({ cost }) => cost === "live" || cost === "beacon",
  );
  if (isHarmless) radio.configure(next);
  bss.updateBeacon();
  return ok;
}

function stopAp(context: InterfaceContext): string {
  const bss = bssOf(context);
  if (!bss?.isBeaconing) return fail;
  bss.suspend();
  return done(
    bss.attempt((port) => {
      port.stopAp();
      return true;
    }) ?? false,
  );
}

const terminate = ({ daemon }: GlobalContext): string => {
  daemon.terminate();
  return ok;
};

export const radioCommands = [
  onInterface("ENABLE", "", "Brings the interface and its radio up.", enable),
  onInterface("DISABLE", "", "Takes the interface and its radio down.", disable),
  onInterface("RELOAD", "", "Puts what SET has changed in force.", (context) => reload(context, undefined)),
  onInterface("RELOAD_BSS", "", "The same for this interface alone.", (context) => reload(context, context.index)),
  onInterface(
    "RELOAD_CONFIG",
    "",
    "Reads the configuration file again; without one the same as RELOAD.",
    reloadConfiguration,
  ),
  onInterface("UPDATE_BEACON", "", "Shows what has changed in the beacon.", updateBeacon),
  onInterface("STOP_AP", "", "Stops beaconing until UPDATE_BEACON.", stopAp),
  onInterface("TERMINATE", "", "Ends the daemon.", terminate),
  onGlobal("TERMINATE", "", "Ends the daemon.", terminate),
] as const;
