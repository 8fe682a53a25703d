/** What people call protection and generations. */

import type { LiveStation, StatusAnswer } from "../../control/live-answers.ts";

const generations: Readonly<Record<StatusAnswer["generation"], string>> = {
  before: "Wi-Fi before 4",
  n: "Wi-Fi 4",
  ac: "Wi-Fi 5",
  ax: "Wi-Fi 6",
  be: "Wi-Fi 7",
};

export const generationName = (generation: StatusAnswer["generation"]): string => generations[generation];

/** `WPA2+WPA3 (WPA-PSK, SAE; CCMP), PMF for those who can`. */
export function protectionName({ protocols, akms, pairwise, protection }: StatusAnswer["required"]): string {
  if (protocols.length === 0) return "none: it is open";
  const families = [...new Set(akms.map((akm) => familyOf(akm, protocols.includes("rsn") ? "rsn" : "wpa")))];
  const pmf = { none: "no PMF", optional: "PMF for those who can", required: "PMF for all" }[protection];
  return `${families.join(" and ")} (${akms.join(", ")}; ${pairwise.join(", ")}), ${pmf}`;
}

/** Of one station: `WPA3-SAE, PMF`. */
export function securityName({ security }: Pick<LiveStation, "security">): string {
  if (!security) return "open";
  const { protocol, akm, cipher, protection } = security;
  const name = akm.startsWith("SAE")
    ? `WPA3-${akm}`
    : akm === "OWE"
      ? "OWE"
      : `${protocol === "wpa" ? "WPA" : "WPA2"}-${akm.replace(/^WPA-/, "")}`;
  return [name, ...(cipher === "CCMP" ? [] : [cipher]), ...(protection ? ["PMF"] : [])].join(", ");
}

function familyOf(akm: string, protocol: "rsn" | "wpa"): string {
  if (akm.startsWith("SAE")) return "WPA3";
  if (akm === "OWE") return "Enhanced Open";
  if (akm.includes("EAP")) return protocol === "rsn" ? "WPA2-Enterprise" : "WPA-Enterprise";
  return protocol === "rsn" ? "WPA2" : "WPA";
}
