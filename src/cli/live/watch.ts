/** `beacon watch`: who comes and goes, while it happens. */

import type { MacAddress } from "../../base/mac-address.ts";
import { parseMacAddress } from "../../base/mac-address.ts";
import { statusShape } from "../../control/live-answers.ts";
import { exitStatus, wrongCommandLine } from "../command.ts";
import { parseCommandLine } from "../command-line/parse.ts";
import { defaultDirectory } from "../descriptions/cli.ts";
import { watchDescription } from "../descriptions/live.ts";
import { attach } from "../hostapd-cli/connection.ts";
import { paintFor } from "../style.ts";
import type { Terminal } from "../terminal.ts";
import { type LiveNetwork, Unanswered } from "./ask.ts";
import { leasesHere } from "./leases.ts";
import { openScreen, type Screen } from "./screen.ts";
import { type Row, rowsOf, sorted } from "./stations.ts";
import { clockTime, safe } from "./text.ts";
import { type Happened, happenedText, watchScreen } from "./watch-screen.ts";
import { withNetworks } from "./with-networks.ts";

/** Milliseconds between two looks. */
const pause = 2000;
/** Several things that happen together are shown together. */
const together = 100;
const mostHappened = 100;

/** @returns the exit status */
export async function watch(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(watchDescription, args);
  if ("refused" in parsed) return wrongCommandLine(watchDescription, parsed.refused, terminal);
  const { directory = defaultDirectory, interface: interfaceName, json } = parsed.options;
  const listeners = new Set<(network: string, event: string) => void>();
  const onEvent = (network: string, event: string): void => {
    for (const listener of listeners) listener(network, event);
  };
  return withNetworks({ directory, interfaceName, onEvent }, terminal, async ({ networks }) => {
    for (const { connection, name } of new Map(networks.map((each) => [each.connection, each])).values()) {
      if (!(await attach(connection))) throw new Unanswered(`${name}: it takes nobody more who watches`);
    }
    const end = endOf();
    const isLive = terminal.output.isTTY === true && !json;
    try {
      return await (isLive
        ? onScreen(networks, listeners, terminal, end)
        : inLines(networks, listeners, terminal, json, end));
    } finally {
      end.forget();
    }
  });
}

interface End {
  readonly signal: AbortSignal;
  now(): void;
  forget(): void;
}

function endOf(): End {
  const controller = new AbortController();
  const now = (): void => controller.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, now);
  return {
    signal: controller.signal,
    now,
    forget: () => {
      for (const signal of signals) process.off(signal, now);
    },
  };
}

type Listeners = Set<(network: string, event: string) => void>;

/** `<3>AP-STA-CONNECTED 02:...`: what it says, about whom. @returns undefined for what is none */
export function happenedOf(network: string, event: string, at: number): Happened | undefined {
  const [, text] = /^<\d>([\s\S]*?)\s*$/.exec(event) ?? [];
  const [name] = text?.split(" ") ?? [];
  if (text === undefined || name === undefined || name === "") return undefined;
  const [address] = /[0-9a-f]{2}(?::[0-9a-f]{2}){5}/.exec(text) ?? [];
  return {
    at,
    interface: network,
    event: safe(name),
    station: address === undefined ? undefined : parseMacAddress(address),
    text: safe(text),
  };
}

/** Until a signal, or until nobody answers any more. */
async function inLines(
  networks: readonly LiveNetwork[],
  listeners: Listeners,
  { output, errors }: Terminal,
  json: boolean,
  { signal }: End,
): Promise<number> {
  let names = await namesOf(networks);
  listeners.add((network, event) => {
    const happened = happenedOf(network, event, Date.now() / 1000);
    if (!happened) return;
    const name = happened.station && names.get(happened.station);
    output.write(
      json
        ? `${JSON.stringify({ ...happened, name })}\n`
        : `${clockTime(happened.at)}  ${happened.interface}  ${happenedText(happened, name)}\n`,
    );
  });
  while (!(await aborted(signal, pause))) {
    try {
      names = await namesOf(networks);
    } catch (thrown) {
      if (!(thrown instanceof Unanswered)) throw thrown;
      if (signal.aborted) break;
      errors.write(`${thrown.message}\n`);
      return exitStatus.failed;
    }
  }
  return exitStatus.done;
}

async function namesOf(networks: readonly LiveNetwork[]): Promise<ReadonlyMap<MacAddress, string>> {
  const rows = await looks(networks);
  return new Map(
    rows.flatMap(({ address, name, hostName }): [MacAddress, string][] => {
      const known = name ?? hostName;
      return known === undefined ? [] : [[address, known]];
    }),
  );
}

async function looks(networks: readonly LiveNetwork[]): Promise<readonly Row[]> {
  const leases = leasesHere();
  return (await Promise.all(networks.map((network) => rowsOf(network, leases)))).flat();
}

/** @returns whether the end came meanwhile */
const aborted = (signal: AbortSignal, milliseconds: number): Promise<boolean> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve(true);
    const done = (isOver: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      resolve(isOver);
    };
    const onAbort = (): void => done(true);
    const timer = setTimeout(() => done(false), milliseconds);
    signal.addEventListener("abort", onAbort);
  });

async function onScreen(
  networks: readonly LiveNetwork[],
  listeners: Listeners,
  terminal: Terminal,
  end: End,
): Promise<number> {
  const paint = paintFor(terminal.output, process.env);
  const happened: Happened[] = [];
  const names = new Map<MacAddress, string>();
  let complaint: string | undefined;
  let screen: Screen | undefined;
  let wake: () => void = () => undefined;
  listeners.add((network, event) => {
    const one = happenedOf(network, event, Date.now() / 1000);
    if (!one) return;
    happened.push(one);
    if (happened.length > mostHappened) happened.shift();
    wake();
  });
  try {
    screen = openScreen(terminal, {
      onKey: (key) => (key === "q" || key === "\u0003" ? end.now() : wake()),
      onResize: () => wake(),
    });
    while (!end.signal.aborted) {
      const [rows, statuses] = await Promise.all([
        looks(networks),
        Promise.all(networks.map((network) => network.ask(statusShape, "BEACON-STATUS"))),
      ]);
      for (const { address, name, hostName } of rows) {
        const known = name ?? hostName;
        if (known !== undefined) names.set(address, known);
      }
      screen.show((size) =>
        watchScreen({ rows: sorted(rows, "name"), statuses, happened, names, now: Date.now() / 1000 }, paint, size),
      );
      const woken = new Promise<void>((resolve) => {
        wake = () => void setTimeout(resolve, together);
      });
      await Promise.race([aborted(end.signal, pause), woken]);
    }
  } catch (thrown) {
    if (!(thrown instanceof Unanswered)) throw thrown;
    if (!end.signal.aborted) complaint = thrown.message;
  } finally {
    screen?.close();
  }
  if (complaint === undefined) return exitStatus.done;
  terminal.errors.write(`${complaint}\n`);
  return exitStatus.failed;
}
