/** The guest's simulated radios, and a network namespace for each station: else the kernel would never use the air. */

import { readdir, readFile, writeFile } from "node:fs/promises";
import type { TestContext } from "node:test";
import { cleanup } from "./cleanup.ts";
import { run } from "./process.ts";

export interface Radio {
  /** `phy1` */
  readonly phy: string;
  /** The interface that it came with: `wlan1`. */
  readonly interface: string;
  /** That interface's MAC address, lower case with colons. */
  readonly address: string;
}

/** The radios of the guest's first network namespace, in their order. */
export async function radios(): Promise<readonly Radio[]> {
  const found: Radio[] = [];
  for (const phy of await readdir("/sys/class/ieee80211")) {
    const place = `/sys/class/ieee80211/${phy}/device/net`;
    const [name] = (await readdir(place).catch(() => [])).sort();
    if (name === undefined) continue;
    found.push({ phy, interface: name, address: (await readFile(`${place}/${name}/address`, "utf8")).trim() });
  }
  return found.sort((a, b) => a.interface.localeCompare(b.interface, "en", { numeric: true }));
}

/** The radio of that number: 1 is the one with wlan1. @throws Error when it isn't there, or is isolated already */
export async function radio(number: number): Promise<Radio> {
  const all = await radios();
  const found = all.find((one) => one.interface === `wlan${number}`);
  if (found === undefined) throw new Error(`no wlan${number}; there are ${all.map((one) => one.interface).join(", ")}`);
  return found;
}

/** Puts a radio into a network namespace of its own until the test is over. Returns the namespace's name. */
export async function isolate(t: TestContext, { phy, interface: name }: Radio): Promise<string> {
  const namespace = `lab-${name}`;
  await run(["ip", "netns", "add", namespace]);
  cleanup(t, async () => {
    // Left to the kernel, the radio would come back some time after the namespace is gone.
    await run(["iw", "phy", phy, "set", "netns", String(process.pid)], { namespace }).finally(() =>
      run(["ip", "netns", "del", namespace]),
    );
  });
  await run(["ip", "link", "set", "lo", "up"], { namespace });
  await run(["iw", "phy", phy, "set", "netns", "name", namespace]);
  return namespace;
}

/** Presses the radio's kill switch (soft), or releases it. */
export async function block({ phy }: Radio, blocked: boolean): Promise<void> {
  const place = `/sys/class/ieee80211/${phy}`;
  const names = await readdir(place);
  const switchName = names.find((name) => name.startsWith("rfkill"));
  if (switchName === undefined) throw new Error(`${phy} has no rfkill switch`);
  await run(["sh", "-c", `echo ${blocked ? 1 : 0} >${place}/${switchName}/soft`]);
}

/**
 * Nobody hears the radio any more, and it hears nobody, until the function that comes back is called or the test is over.
 * mac80211_hwsim lets only radios of a common group meet.
 */
export async function loseContact(t: TestContext, { phy }: Radio): Promise<() => Promise<void>> {
  const setGroup = (group: number): Promise<void> =>
    writeFile(`/sys/kernel/debug/ieee80211/${phy}/hwsim/group`, String(group));
  await setGroup(2);
  const back = (): Promise<void> => setGroup(1);
  t.after(back);
  return back;
}
