/** What happened, from the facts of a log: runs of the daemon, stations in each, and whose fault it most likely was. */

import type { MacAddress } from "../../base/mac-address.ts";
import { adviceOnEap } from "./eap-advice.ts";
import type { LocatedFact, LogFact } from "./facts.ts";
import { troubles } from "./troubles.ts";

/** `good`: as it should be. `bad`: what is wrong. `harmless`: looks worse than it is. `unknown`: the log doesn't tell. */
export type Verdict = "good" | "bad" | "harmless" | "unknown";

export interface Finding {
  readonly verdict: Verdict;
  /** A sentence or two. */
  readonly text: string;
  /** Lines of the log that say so, from 1. */
  readonly lines: readonly number[];
  /** What to do or to look at, the likeliest first. */
  readonly advice: readonly string[];
}

interface Run {
  readonly facts: LocatedFact[];
  index: number | undefined;
}

export function logStory(facts: readonly LocatedFact[]): Finding[] {
  const runs = runsOf(facts);
  const findings: Finding[] = [];
  for (const [i, run] of runs.entries()) {
    const before = runs[i - 1];
    if (before !== undefined) findings.push(...reappeared(before, run));
    findings.push(...runStory(run, i, runs.length));
  }
  if (findings.length === 0)
    findings.push({
      verdict: "unknown",
      text: "No line of this is one that hostapd or Beacond writes.",
      lines: [],
      advice: [],
    });
  return findings;
}

/** A run begins with the file that it reads, or with an interface that is opened anew. */
function runsOf(facts: readonly LocatedFact[]): Run[] {
  const runs: Run[] = [];
  for (const located of facts) {
    const { fact } = located;
    let run = runs.at(-1);
    const begins =
      run === undefined ||
      fact.type === "file" ||
      (fact.type === "interface-index" && run.index !== undefined) ||
      (fact.type === "using" && has(run, "ended"));
    if (run === undefined || (begins && run.facts.length > 0)) {
      run = { facts: [], index: undefined };
      runs.push(run);
    }
    if (fact.type === "interface-index") run.index = fact.index;
    run.facts.push(located);
  }
  return runs;
}

const has = (run: Run, type: LogFact["type"]): boolean => run.facts.some(({ fact }) => fact.type === type);

function found<T extends LogFact["type"]>(run: Run, type: T): { line: number; fact: LogFact & { type: T } }[] {
  return run.facts.flatMap(({ line, fact }) =>
    fact.type === type ? [{ line, fact: fact as LogFact & { type: T } }] : [],
  );
}

const linesOf = (located: readonly { readonly line: number }[]): number[] => located.map(({ line }) => line);

function reappeared(before: Run, run: Run): Finding[] {
  const [was] = found(before, "interface-index");
  const [is] = found(run, "interface-index");
  if (was === undefined || is === undefined || was.fact.index === is.fact.index) return [];
  return [
    {
      verdict: "bad",
      text:
        `Between this start and the one before, the interface's index has changed from ${was.fact.index} to ${is.fact.index}: ` +
        "the device had gone and come back under the same name. That is no doing of the daemon's; a USB device does so when its power breaks down or its driver resets it.",
      lines: [was.line, is.line],
      advice: [
        "the power: a supply that holds its voltage under load, or a powered USB hub; 'vcgencmd get_throttled' on a Raspberry Pi tells of under-voltage",
        "the kernel's log: 'dmesg | grep -i -e usb -e 8192 -e under-voltage'",
        "the module and the kernel: that the module was built for this kernel ('uname -r', 'modinfo'), and the kernel's own rtl8192cu or rtl8xxxu in its place",
      ],
    },
  ];
}

function runStory(run: Run, number: number, runs: number): Finding[] {
  return [
    ...beginning(run, number, runs),
    ...troublesOf(run),
    ...entropy(run),
    ...stationsOf(run).flatMap((station) => stationStory(run, station)),
    ...ending(run),
  ];
}

const ordinals = ["first", "second", "third", "fourth", "fifth"];

function beginning(run: Run, number: number, runs: number): Finding[] {
  const [using] = found(run, "using");
  const [file] = found(run, "file");
  const which = runs > 1 ? `The ${ordinals[number] ?? `${number + 1}th`} start: ` : "";
  const realtek = found(run, "realtek-driver");
  const findings: Finding[] = [];
  if (using) {
    const { interfaceName, address, ssid } = using.fact;
    const by = file === undefined ? "" : ` by ${file.fact.path}`;
    findings.push({
      verdict: "good",
      text: `${which}the network '${ssid}' comes up on ${interfaceName}${address === undefined ? "" : ` (${address})`}${by}.`,
      lines: [using.line],
      advice: [],
    });
  } else if (has(run, "enabled")) {
    findings.push({
      verdict: "good",
      text: `${which}the access point comes up.`,
      lines: linesOf(found(run, "enabled")),
      advice: [],
    });
  }
  if (realtek.length > 0 && number === 0) {
    findings.push({
      verdict: "unknown",
      text:
        "This hostapd speaks with the chip through Realtek's private interface (driver=rtl871xdrv, module 8192cu), not through nl80211: " +
        "much of what goes wrong there appears in no log, and only that one version of hostapd knows it.",
      lines: linesOf(realtek).slice(0, 1),
      advice: [
        "'beacon doctor' says which module drives the chip; Beacond takes driver=rtl871xdrv for nl80211, with the kernel's own module",
      ],
    });
  }
  const isSilent = using !== undefined && number > 0 && stationsOf(run).length === 0 && !has(run, "ended");
  if (isSilent) {
    findings.push({
      verdict: "bad",
      text: "From there on no station is heard of: the daemon waits, and the radio gives it nothing.",
      lines: [run.facts.at(-1)?.line ?? using.line],
      advice: [],
    });
  }
  return findings;
}

function troublesOf(run: Run): Finding[] {
  const seen = new Map<string, Finding>();
  for (const { line, fact } of found(run, "trouble")) {
    const before = seen.get(fact.trouble);
    const about = troubles[fact.trouble];
    seen.set(fact.trouble, {
      verdict: about.verdict,
      text: before?.text ?? (fact.detail === "" ? about.text : `${about.text} The log says: ${fact.detail}`),
      lines: [...(before?.lines ?? []), line],
      advice: about.advice,
    });
  }
  return [...seen.values()];
}

function entropy(run: Run): Finding[] {
  const lines = linesOf(found(run, "low-entropy"));
  if (lines.length === 0) return [];
  return [
    {
      verdict: "harmless",
      text: "The warning about entropy is harmless: so early after the start the kernel had gathered little chance from outside, and keys are made anew when the first station comes.",
      lines,
      advice: [],
    },
  ];
}

function stationsOf(run: Run): MacAddress[] {
  const stations = new Set<MacAddress>();
  for (const { fact } of run.facts) if ("station" in fact) stations.add(fact.station);
  return [...stations];
}

function stationStory(run: Run, station: MacAddress): Finding[] {
  const own = run.facts.filter(({ fact }) => "station" in fact && fact.station === station);
  const lines = linesOf(own);
  const count = (type: LogFact["type"]): number => own.filter(({ fact }) => fact.type === type).length;
  const finding = (verdict: Verdict, text: string, advice: readonly string[] = []): Finding => ({
    verdict,
    text: `${station} ${text}`,
    lines,
    advice,
  });
  const joined = count("handshake-completed") > 0 || count("connected") > 0;
  if (joined) return [...joinedStory(run, own, station, lines)];
  if (count("refused-by-list") > 0) {
    return [
      finding("bad", "was turned away by the list of addresses.", ["accept_mac_file, deny_mac_file and macaddr_acl"]),
    ];
  }
  if (count("wrong-proof") > 0) {
    return [
      finding("bad", "gave a wrong proof of the passphrase: most likely it has another one.", [
        "the passphrase on the device: forget the network there and join anew",
      ]),
    ];
  }
  if (count("eap-failure") > 0) {
    const why = own.findLast(({ fact }) => fact.type === "eap-failure" && fact.why !== undefined)?.fact;
    const reason = why?.type === "eap-failure" ? why.why : undefined;
    const known = reason === undefined ? undefined : adviceOnEap(reason);
    const what = reason === undefined ? "its name, password or certificate was refused." : `${reason}.`;
    const text = ["did not get through IEEE 802.1X:", what, ...(known === undefined ? [] : [known.means])].join(" ");
    return [finding("bad", text, known?.advice ?? ["the RADIUS server's log"])];
  }
  if (count("unacknowledged") > 0) {
    return [
      finding("bad", "did not acknowledge our answer: it is too far away, or asleep, or the radio did not send it.", [
        "the distance and the channel",
        "another client: where none gets through, it is the radio or its driver",
      ]),
    ];
  }
  const refusal = own.find(({ fact }) => fact.type === "refused");
  if (refusal?.fact.type === "refused") {
    return [
      finding("bad", `was refused at association: ${refusal.fact.why}.`, [
        "wpa, wpa_key_mgmt, the ciphers and ieee80211w against what the device can",
      ]),
    ];
  }
  if (count("handshake-timeout") > 0 || count("associated") > 0) {
    return [
      finding(
        "bad",
        "was associated, and the handshake of the keys did not end: its answers did not come, or did not fit.",
        ["the passphrase on the device", "management frame protection and ciphers that the device may not know"],
      ),
    ];
  }
  return [finding("unknown", "authenticated and went no further.")];
}

function joinedStory(run: Run, own: readonly LocatedFact[], station: MacAddress, lines: readonly number[]): Finding[] {
  const completed = own.some(({ fact }) => fact.type === "handshake-completed");
  const ends = has(run, "ended");
  const lastLine = run.facts.at(-1)?.line;
  const hasLeft = own.some(({ fact }) => fact.type === "disconnected" || fact.type === "disassociated");
  const joined: Finding = {
    verdict: "good",
    text: `${station} joined${completed ? " and completed the handshake: the passphrase is right, and its port was opened" : ", and was let in"}.`,
    lines,
    advice: [],
  };
  const inactive = own.find(({ fact }) => fact.type === "inactive");
  if (inactive) {
    return [
      joined,
      {
        verdict: "unknown",
        text: `${station} was sent away for having been silent: it went out of range, slept, or was switched off. That is no mistake of anybody's.`,
        lines: [inactive.line],
        advice: ["ap_max_inactivity, and skip_inactivity_poll=0, where it happens to a device that is there"],
      },
    ];
  }
  if (!ends || hasLeft) return [joined];
  return [
    joined,
    {
      verdict: "bad",
      text: `No data: nothing tells that ${station} exchanged any before everything ended${lastLine === undefined ? "" : ` at line ${lastLine}`}.`,
      lines: own.filter(({ fact }) => fact.type === "removed").map(({ line }) => line),
      advice: [
        "whether it got an address: the DHCP server's log; 'beacon doctor' looks at addresses, forwarding and firewall",
      ],
    },
  ];
}

/** Deauthentication of everybody is also what a daemon begins with, to have whoever was there before come anew. */
function ending(run: Run): Finding[] {
  const [ended] = found(run, "ended");
  const out = found(run, "everybody-out").at(-1);
  const [using] = found(run, "using");
  const wasLast = out !== undefined && using !== undefined && out.line > using.line;
  if (wasLast && ended) {
    return [
      {
        verdict: "bad",
        text:
          `Everyone was thrown out with a broadcast deauthentication, reason ${out.fact.reason} (${reasons[out.fact.reason] ?? "see IEEE 802.11"}), as the daemon itself ended: ` +
          "what comes behind is what it says when it goes. No station asked for that; the daemon was stopped, or its interface went away under it.",
        lines: [out.line, ended.line],
        advice: [
          "who ended it: Ctrl-C, a service manager ('journalctl -u hostapd'), or the interface that went away ('dmesg')",
        ],
      },
    ];
  }
  if (wasLast) {
    return [
      {
        verdict: "bad",
        text: `Everyone was thrown out with a broadcast deauthentication, reason ${out.fact.reason} (${reasons[out.fact.reason] ?? "see IEEE 802.11"}).`,
        lines: [out.line],
        advice: [],
      },
    ];
  }
  if (ended) return [{ verdict: "unknown", text: "The daemon ended.", lines: [ended.line], advice: [] }];
  return [];
}

/** In a few words. IEEE Std 802.11-2020, table 9-49. */
const reasons: Readonly<Record<number, string>> = {
  1: "unspecified",
  2: "the authentication before is no longer valid",
  3: "the access point is leaving",
  4: "inactivity",
  5: "no room for more stations",
  6: "a frame from who is not authenticated",
  7: "a frame from who is not associated",
  8: "the access point is leaving",
  14: "a message integrity check failed",
  15: "the 4-way handshake took too long",
  16: "the group key handshake took too long",
  17: "the elements of the handshake are others than those of the association",
  23: "IEEE 802.1X failed",
};
