/** Stations that join: an interface for each, many of them in one wpa_supplicant. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KernelRefusal } from "../src/base/errors.ts";
import type { Reactor } from "../src/linux/reactor.ts";
import { connectUnixDatagram } from "../src/linux/unix-datagram.ts";
import { network } from "./daemon.ts";

export interface Stations {
  readonly count: number;
  /** The station joins; when it is in already, it leaves first. @param within milliseconds that it may take */
  join(index: number, within?: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * On these interfaces. None of them joins by itself.
 * @param passphrases of single stations; the others have the network's
 */
export async function startStations(
  reactor: Reactor,
  names: readonly string[],
  passphrases: readonly string[] = [],
): Promise<Stations> {
  const count = names.length;
  const folder = await mkdtemp(join(tmpdir(), "stations-"));
  const interfaces: string[][] = [];
  for (const [index, name] of names.entries()) {
    const config = join(folder, `${name}.conf`);
    await writeFile(config, supplicantConfiguration(folder, passphrases[index] ?? network.passphrase));
    interfaces.push(["-D", "nl80211", "-i", name, "-c", config]);
  }
  const children: ChildProcess[] = [];
  for (let start = 0; start < count; start += interfacesOfOne) {
    const own = interfaces.slice(start, start + interfacesOfOne);
    const args = own.flatMap((words, index) => (index === 0 ? words : ["-N", ...words]));
    children.push(spawn("wpa_supplicant", args, { stdio: ["ignore", "ignore", "inherit"] }));
  }
  const controls: Control[] = [];
  for (const name of names) {
    const control = await openControl(reactor, join(folder, name));
    await control.request("ATTACH", startPatience);
    controls.push(control);
  }
  const joined = new Set<number>();
  return {
    count,
    async join(index, within = patience) {
      const control = controls[index % count];
      if (control === undefined) throw new RangeError(`no station ${index}`);
      const isIn = joined.has(index % count);
      joined.add(index % count);
      if (isIn) {
        const left = control.event(/CTRL-EVENT-DISCONNECTED/);
        await control.request("DISCONNECT");
        await left;
      }
      const connected = control.event(/CTRL-EVENT-CONNECTED/, within);
      await control.request(isIn ? "RECONNECT" : "ENABLE_NETWORK 0");
      await connected;
    },
    async stop() {
      for (const control of controls) control.close();
      await Promise.all(children.map(stop));
    },
  };
}

/** Those that the radios beside the access point's came with. */
export const firstInterfaces = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `wlan${index + 1}`);

const supplicantConfiguration = (controlDirectory: string, passphrase: string): string => `
ctrl_interface=${controlDirectory}
network={
  ssid="${network.ssid}"
  psk="${passphrase}"
  scan_freq=${network.frequency}
  disabled=1
}
`;

interface Control {
  /** @throws Error where the answer is not OK */
  request(command: string, within?: number): Promise<void>;
  event(pattern: RegExp, within?: number): Promise<void>;
  close(): void;
}

/** wpa_supplicant waits with select(2), which takes 1024 descriptors, and has several for each interface. */
const interfacesOfOne = 100;
const patience = 30_000;
/** A wpa_supplicant with a hundred interfaces answers when it has opened them all. */
const startPatience = 600_000;

async function openControl(reactor: Reactor, peer: string): Promise<Control> {
  const socket = await connect(reactor, peer);
  const waiting = new Set<(message: string) => void>();
  socket.onReadable(() => {
    for (let data = socket.receive(); data !== undefined; data = socket.receive()) {
      const message = Buffer.from(data).toString("latin1");
      for (const hear of [...waiting]) hear(message);
    }
  });
  const hear = (what: string, isIt: (message: string) => boolean, within = patience): Promise<string> =>
    new Promise((resolve, reject) => {
      const finish = (message: string): void => {
        if (!isIt(message)) return;
        waiting.delete(finish);
        clearTimeout(limit);
        resolve(message);
      };
      const limit = setTimeout(() => reject(new Error(`${peer}: no ${what} within ${within} ms`)), within);
      waiting.add(finish);
    });
  return {
    async request(command, within) {
      const answer = hear(`answer to ${command}`, (message) => !message.startsWith("<"), within);
      socket.send(Buffer.from(command));
      if ((await answer) !== "OK\n") throw new Error(`${peer}: ${command}: ${await answer}`);
    },
    async event(pattern, within) {
      await hear(String(pattern), (message) => message.startsWith("<") && pattern.test(message), within);
    },
    close: () => socket.close(),
  };
}

/** wpa_supplicant makes its sockets some time after it has been started. */
async function connect(reactor: Reactor, peer: string) {
  const deadline = performance.now() + startPatience;
  for (;;) {
    try {
      return connectUnixDatagram(reactor, { peer, path: `${peer}.bench`, maxLength: 8192 });
    } catch (thrown) {
      if (!(thrown instanceof KernelRefusal) || performance.now() > deadline) throw thrown;
      await sleep(50);
    }
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit", { signal: AbortSignal.timeout(10_000) });
  child.kill("SIGTERM");
  await exit;
}
