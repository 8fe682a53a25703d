/** The radio's life: up, down, and in between. */

import { changesBetween, type ReloadPlan } from "../../ap/reload-plan.ts";
import { BeaconError } from "../../base/errors.ts";
import { octetTextOfString } from "../../config/octets.ts";
import type { Configuration } from "../../config/registry.ts";
import {
  bssOf,
  done,
  fail,
  type GlobalContext,
  type InterfaceContext,
  ok,
  onGlobal,
  onInterface,
  unknownCommand,
} from "../command.ts";
import { reportJson, reportOf, sentencesOf, standingOf } from "../reload-report.ts";
import { usable } from "../wanted.ts";

async function enable(context: InterfaceContext): Promise<string> {
  const { radio, wanted, log } = context;
  if (radio.isHeld) {
    log.error(`Interface ${radio.name} already enabled`);
    return fail;
  }
  radio.configure(usable(wanted.of(radio)));
  // As hostapd: what has to wait goes on by itself, and monitors hear the end of it.
  return await new Promise<string>((resolve, reject) => {
    radio
      .enable(() => resolve(ok))
      .then(
        () => resolve(ok),
        (thrown: unknown) => {
          if (!(thrown instanceof BeaconError)) return reject(thrown);
          log.error(`Enabling of interface failed: ${thrown.message}`);
          context.announce("AP-DISABLED ");
          resolve(fail);
        },
      );
  });
}

function disable({ radio, log }: InterfaceContext): string {
  if (!radio.isHeld) {
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

/** What follows RELOAD: nothing, or what else is wanted. @returns undefined for anything else */
function parseWish(args: string): { readonly isDry: boolean; readonly as: "ok" | "text" | "json" } | undefined {
  switch (args.trim().toLowerCase()) {
    case "":
      return { isDry: false, as: "ok" };
    case "plan":
      return { isDry: true, as: "text" };
    case "plan json":
      return { isDry: true, as: "json" };
    case "report":
      return { isDry: false, as: "text" };
    case "report json":
      return { isDry: false, as: "json" };
    default:
      return undefined;
  }
}

/**
 * A reload as a dry run, or in earnest.
 * @param args `plan` says what would be done, `report` does it and says so; with `json` for programs
 */
async function reloadAsWished(
  { radio, log }: InterfaceContext,
  args: string,
  target: () => Configuration,
  act: (to: Configuration) => Promise<ReloadPlan>,
): Promise<string> {
  const wish = parseWish(args);
  if (!wish) return unknownCommand;
  const standing = standingOf(radio);
  try {
    const to = target();
    const report = reportOf(wish.isDry ? radio.planReload(to) : await act(to), standing);
    if (wish.as === "ok") return ok;
    return octetTextOfString(wish.as === "json" ? reportJson(report) : `${sentencesOf(report).join("\n")}\n`);
  } catch (thrown) {
    if (!(thrown instanceof BeaconError) || wish.as === "ok") throw thrown;
    log.error(thrown.message);
    return octetTextOfString(`FAIL: ${thrown.message}\n`);
  }
}

/** @param only undefined for the whole radio */
const reload = (context: InterfaceContext, args: string, only: number | undefined): Promise<string> =>
  reloadAsWished(
    context,
    args,
    () => gathered(context, only),
    async (to) => {
      const { radio, wanted, follow } = context;
      const all = wanted.of(radio);
      const done = await radio.reload(to);
      if (only !== undefined) wanted.set(radio, all);
      for (const [index, bss] of radio.bsses.entries()) {
        // start_disabled holds the beacon back until somebody asks for it
        if (only === undefined || index === only) bss.updateBeacon();
      }
      follow();
      return done;
    },
  );

const reloadConfiguration = (context: InterfaceContext, args: string): Promise<string> =>
  reloadAsWished(
    context,
    args,
    () => context.wantedOf(context.radio),
    async (to) => {
      const done = await context.radio.reload(to);
      context.follow();
      return done;
    },
  );

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
  onInterface(
    "RELOAD",
    "[plan|report [json]]",
    "Puts what SET has changed in force; with plan only says what that would do, with report also what it did.",
    (context, args) => reload(context, args, undefined),
  ),
  onInterface("RELOAD_BSS", "[plan|report [json]]", "The same for this interface alone.", (context, args) =>
    reload(context, args, context.index),
  ),
  onInterface(
    "RELOAD_CONFIG",
    "[plan|report [json]]",
    "Reads the configuration file again; without one the same as RELOAD.",
    reloadConfiguration,
  ),
  onInterface("UPDATE_BEACON", "", "Shows what has changed in the beacon.", updateBeacon),
  onInterface("STOP_AP", "", "Stops beaconing until UPDATE_BEACON.", stopAp),
  onInterface("TERMINATE", "", "Ends the daemon.", terminate),
  onGlobal("TERMINATE", "", "Ends the daemon.", terminate),
] as const;
