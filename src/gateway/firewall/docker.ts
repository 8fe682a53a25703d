/**
 * Docker drops what is forwarded and not its own, and a later accept of another table can't save it: rules of its chain DOCKER-USER, which it
 * leaves to its users, can. https://docs.docker.com/engine/network/packet-filtering-firewalls/
 */

import { applyRuleset, outputOf } from "../../linux/nftables.ts";

export type IpFamily = "ip" | "ip6";

const families: readonly IpFamily[] = ["ip", "ip6"];
const chain = "DOCKER-USER";
const programOf = { ip: "iptables", ip6: "ip6tables" } as const;

/** What says that a rule is ours, where rules are deleted by number. */
const comment = "beacond";

/** Where Docker has its chain: its own program is asked, whichever kind of tables that one writes, and nft where there is none. */
export const familiesWithDocker = (): readonly IpFamily[] =>
  families.filter((family) => hasByProgram(family) || chainByNft(family) !== undefined);

const hasByProgram = (family: IpFamily): boolean =>
  outputOf(programOf[family], ["-w", "5", "-n", "-L", chain]) !== undefined;

const chainByNft = (family: IpFamily): string | undefined =>
  outputOf("nft", ["-a", "list", "chain", family, "filter", chain]);

/** What comes from the interface and goes to it, through. @throws ConfigurationError */
export function letThroughDocker(family: IpFamily, interfaceName: string): void {
  if (hasByProgram(family)) {
    for (const rule of rulesOf(interfaceName)) outputOf(programOf[family], ["-w", "5", "-I", chain, ...rule]);
    return;
  }
  const own = JSON.stringify(interfaceName);
  const rules = ["iifname", "oifname"].map(
    (direction) => `insert rule ${family} filter ${chain} ${direction} ${own} accept comment "${comment}"\n`,
  );
  applyRuleset(rules.join(""));
}

/** Nothing where they aren't there. @throws ConfigurationError */
export function removeFromDocker(family: IpFamily, interfaceName: string): void {
  for (const rule of rulesOf(interfaceName)) {
    // As often as they are there: a process that was killed may have left some.
    for (let times = 0; times < 8; times++) {
      if (outputOf(programOf[family], ["-w", "5", "-D", chain, ...rule]) === undefined) break;
    }
  }
  const own = JSON.stringify(interfaceName);
  const ours = (chainByNft(family) ?? "").split("\n").flatMap((line) => {
    const [, handle] = /# handle (\d+)$/.exec(line) ?? [];
    return handle !== undefined && line.includes(own) && line.includes(`"${comment}"`) ? [handle] : [];
  });
  if (ours.length > 0) {
    applyRuleset(ours.map((handle) => `delete rule ${family} filter ${chain} handle ${handle}\n`).join(""));
  }
}

const rulesOf = (interfaceName: string): readonly (readonly string[])[] =>
  ["-i", "-o"].map((direction) => [direction, interfaceName, "-j", "ACCEPT"]);
