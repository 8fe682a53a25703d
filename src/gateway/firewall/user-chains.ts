/**
 * Chains that other firewalls leave to their users, where they drop what they don't know: an accept of a table of ours can't save it. Docker's
 * DOCKER-USER (https://docs.docker.com/engine/network/packet-filtering-firewalls/) and those of ufw(8).
 */

import { applyRuleset, outputOf } from "../../linux/nftables.ts";

export type IpFamily = "ip" | "ip6";

export interface UserChain {
  readonly owner: "Docker" | "ufw";
  readonly family: IpFamily;
  readonly chain: string;
  /** What passes it: stations' traffic through this machine, or to it. */
  readonly carries: "forwarded" | "incoming";
}

const known: readonly UserChain[] = [
  { owner: "Docker", family: "ip", chain: "DOCKER-USER", carries: "forwarded" },
  { owner: "Docker", family: "ip6", chain: "DOCKER-USER", carries: "forwarded" },
  { owner: "ufw", family: "ip", chain: "ufw-user-forward", carries: "forwarded" },
  { owner: "ufw", family: "ip6", chain: "ufw6-user-forward", carries: "forwarded" },
  { owner: "ufw", family: "ip", chain: "ufw-user-input", carries: "incoming" },
  { owner: "ufw", family: "ip6", chain: "ufw6-user-input", carries: "incoming" },
];

const programOf = { ip: "iptables", ip6: "ip6tables" } as const;

/** What says that a rule is ours, where rules are deleted by number. */
const comment = "beacond";

/** Those that are there: iptables is asked, whichever kind of tables it writes, and nft where there is none. */
export const userChains = (): readonly UserChain[] =>
  known.filter((each) => hasByProgram(each) || chainByNft(each) !== undefined);

const hasByProgram = ({ family, chain }: UserChain): boolean =>
  outputOf(programOf[family], ["-w", "5", "-n", "-L", chain]) !== undefined;

const chainByNft = ({ family, chain }: UserChain): string | undefined =>
  outputOf("nft", ["-a", "list", "chain", family, "filter", chain]);

/** @throws ConfigurationError */
export function letThrough(place: UserChain, interfaceName: string): void {
  const { family, chain } = place;
  if (hasByProgram(place)) {
    for (const { iptables } of rulesOf(place, interfaceName)) {
      outputOf(programOf[family], ["-w", "5", "-I", chain, ...iptables, "-j", "ACCEPT"]);
    }
    return;
  }
  const rules = rulesOf(place, interfaceName).map(
    ({ nft }) => `insert rule ${family} filter ${chain} ${nft} accept comment "${comment}"\n`,
  );
  applyRuleset(rules.join(""));
}

/** Nothing where they aren't there. @throws ConfigurationError */
export function removeFrom(place: UserChain, interfaceName: string): void {
  const { family, chain } = place;
  for (const { iptables } of rulesOf(place, interfaceName)) {
    // As often as they are there: a process that was killed may have left some.
    for (let times = 0; times < 8; times++) {
      if (outputOf(programOf[family], ["-w", "5", "-D", chain, ...iptables, "-j", "ACCEPT"]) === undefined) break;
    }
  }
  const own = JSON.stringify(interfaceName);
  const ours = (chainByNft(place) ?? "").split("\n").flatMap((line) => {
    const [, handle] = /# handle (\d+)$/.exec(line) ?? [];
    return handle !== undefined && line.includes(own) && line.includes(`"${comment}"`) ? [handle] : [];
  });
  if (ours.length > 0) {
    applyRuleset(ours.map((handle) => `delete rule ${family} filter ${chain} handle ${handle}\n`).join(""));
  }
}

interface UserRule {
  readonly iptables: readonly string[];
  readonly nft: string;
}

function rulesOf({ carries }: UserChain, interfaceName: string): readonly UserRule[] {
  const own = JSON.stringify(interfaceName);
  switch (carries) {
    case "forwarded":
      return [
        { iptables: ["-i", interfaceName], nft: `iifname ${own}` },
        { iptables: ["-o", interfaceName], nft: `oifname ${own}` },
      ];
    case "incoming":
      // Names; addresses are asked for beside the firewall, and ping passes ufw anyhow.
      return (["udp", "tcp"] as const).map((protocol) => ({
        iptables: ["-i", interfaceName, "-p", protocol, "--dport", "53"],
        nft: `iifname ${own} ${protocol} dport 53`,
      }));
  }
}
