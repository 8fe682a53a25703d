/** Addresses for a network of stations, where nothing else that this machine can reach has them. Pure. */

import { type Ipv4Network, ipv4AddressOf, ipv4Mask } from "../../base/ipv4-address.ts";

const mask = ipv4Mask(24);

/** 192.168.50.0/24 and on to 192.168.254.0, then 10.50.0.0/24 and on: the beginnings are what routers at home have. RFC 1918. */
function* candidates(): Generator<Ipv4Network> {
  for (let third = 50; third < 255; third++)
    yield { address: ipv4AddressOf((192 << 24) | (168 << 16) | (third << 8)), mask };
  for (let second = 50; second < 255; second++) yield { address: ipv4AddressOf((10 << 24) | (second << 16)), mask };
  for (let second = 16; second < 32; second++) yield { address: ipv4AddressOf((172 << 24) | (second << 16)), mask };
}

const overlap = (a: Ipv4Network, b: Ipv4Network): boolean => {
  const common = a.mask & b.mask;
  return (a.address & common) === (b.address & common);
};

/** @param taken destinations of routes, but for the default one @returns undefined where all are taken */
export function chooseSubnet(taken: readonly Ipv4Network[]): Ipv4Network | undefined {
  for (const candidate of candidates()) {
    if (!taken.some((network) => overlap(candidate, network))) return candidate;
  }
  return undefined;
}
