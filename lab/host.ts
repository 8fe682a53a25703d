/**
 * Where User Mode Linux does not run: the machine's own kernel, with its mac80211_hwsim module. The radios go into a
 * network namespace of their own, so that the command takes none of the machine's real ones and the machine's network
 * managers take none of the simulated.
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { follow } from "./follow.ts";
import type { LabJob, LabOutcome } from "./job.ts";
import { KernelUnavailable } from "./kernel.ts";

const module = "mac80211_hwsim";

/** As {@link runInGuest}. @throws KernelUnavailable when it can't be done here, and says why */
export async function runOnHost(job: LabJob): Promise<LabOutcome> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new KernelUnavailable("simulated radios on the machine's own kernel need Linux and root");
  }
  if (job.timeTravel) throw new KernelUnavailable("time travel needs the lab kernel");
  if (existsSync(`/sys/module/${module}`)) {
    throw new KernelUnavailable(`${module} is loaded already, and its radios may be in use: modprobe -r ${module}`);
  }
  must("modprobe", module, `radios=${job.radios}`, "support_p2p_device=0");
  try {
    return await withRadios(job);
  } finally {
    must("modprobe", "-r", module);
  }
}

async function withRadios(job: LabJob): Promise<LabOutcome> {
  const namespace = `beacond-lab-${process.pid}`;
  must("ip", "netns", "add", namespace);
  try {
    await moveRadios(namespace);
    const capture = job.capture === undefined ? undefined : await startCapture(job.results, job.capture);
    try {
      return await runIn(namespace, job);
    } finally {
      if (capture !== undefined) {
        capture.kill("SIGINT");
        await once(capture, "close");
      }
    }
  } finally {
    must("ip", "netns", "del", namespace);
  }
}

/** The radios' interfaces become wlan0, wlan1, ... in there, whatever they were called here. */
async function moveRadios(namespace: string): Promise<void> {
  const places = `/sys/class/${module}`;
  const simulated = (await readdir(places)).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  for (const [number, radio] of simulated.entries()) {
    const [phy] = await readdir(join(places, radio, "ieee80211"));
    const [name] = await readdir(join(places, radio, "net"));
    if (phy === undefined || name === undefined) throw new Error(`${radio} has no interface`);
    must("iw", "phy", phy, "set", "netns", "name", namespace);
    // In two steps: another one may still have the final name.
    must("ip", "-n", namespace, "link", "set", name, "name", `lab${number}`);
  }
  for (const number of simulated.keys()) {
    must("ip", "-n", namespace, "link", "set", `lab${number}`, "name", `wlan${number}`);
  }
  must("ip", "-n", namespace, "link", "set", "lo", "up");
}

async function startCapture(results: string, filter: string): Promise<ChildProcess> {
  must("ip", "link", "set", "hwsim0", "up");
  const file = join(results, "air.pcap");
  const tcpdump = spawn("tcpdump", ["-i", "hwsim0", "--immediate-mode", "-U", "-w", file, filter], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await Promise.race([once(tcpdump.stderr, "data"), once(tcpdump, "close")]);
  return tcpdump;
}

async function runIn(namespace: string, job: LabJob): Promise<LabOutcome> {
  const paths = [join(job.results, "stdout"), join(job.results, "stderr")] as const;
  const files = [await open(paths[0], "a"), await open(paths[1], "a")] as const;
  const followers = [await follow(paths[0], job.onStdout), await follow(paths[1], job.onStderr)];
  try {
    // In a process namespace of its own, so that whatever it starts ends with it. /run is where control sockets go.
    const inside = 'mount -t tmpfs tmpfs /run && mkdir /run/tmp /run/lock && exec "$@"';
    const child = spawn(
      "ip",
      ["netns", "exec", namespace, "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"].concat(
        ["sh", "-c", inside, "sh"],
        job.command,
      ),
      {
        cwd: job.directory,
        env: { ...job.environment, TMPDIR: "/run/tmp", LAB_RESULTS: job.results },
        stdio: ["ignore", files[0].fd, files[1].fd],
      },
    );
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, job.timeout * 1000);
    const [status] = (await once(child, "close")) as [number | null];
    clearTimeout(limit);
    if (late) return { kind: "timeout" };
    return status === null ? { kind: "crashed" } : { kind: "exited", status };
  } finally {
    await Promise.all([...followers.map((follower) => follower.finish()), ...files.map((file) => file.close())]);
  }
}

function must(command: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return;
  throw new KernelUnavailable(`${command} ${args.join(" ")}: ${error?.message ?? stderr.trim()}`);
}
