/** The daemon and what it needs of the kernel. Pure. */

import { type Check, type Diagnosis, ill, unclear, well } from "./diagnosis.ts";
import type { Evidence } from "./evidence.ts";

function entropy({ hasEntropy }: Evidence): Diagnosis {
  const link = "entropy";
  if (hasEntropy === undefined) return unclear(link, "getrandom(2) can't be called");
  return hasEntropy
    ? well(link, "getrandom(2) gives without waiting")
    : ill(link, "the kernel has not gathered enough chance yet", "apt install rng-tools5   # or wait");
}

function configuration({ configuration: found, interfaceName }: Evidence): Diagnosis {
  const link = "configuration";
  if (found.kind === "missing") return unclear(link, `${found.path} is not there`, "beacon start   # needs none");
  if (found.errors.length > 0) {
    return ill(
      link,
      `${found.path} has ${found.errors.length} error${found.errors.length === 1 ? "" : "s"}: ${found.errors[0]}`,
      `beacon check ${found.path}`,
    );
  }
  if (found.interfaceName !== undefined && interfaceName !== undefined && found.interfaceName !== interfaceName) {
    return unclear(link, `${found.path} is for ${found.interfaceName}, not for ${interfaceName}`);
  }
  return well(link, found.path);
}

function control({ control: { path, state } }: Evidence): Diagnosis {
  const link = "control socket";
  switch (state) {
    case "answers":
      return well(link, path);
    case "silent":
      return ill(
        link,
        `${path} is there, and nobody answers: the daemon died or hangs`,
        `rm ${path}   # and start it again`,
      );
    case "missing":
      return unclear(link, `${path} is not there: no access point runs, or it has no ctrl_interface`);
    case "forbidden":
      return unclear(link, `${path} is not ours to speak with`, "sudo beacon doctor");
  }
}

/** What the access point remembers of those who wanted in. */
function stations({ stations: found, interfaceName = "wlan0" }: Evidence): Diagnosis {
  const link = "stations";
  if (found === undefined) return unclear(link, "no access point of Beacond answers that could tell");
  const { present, wrongPassphrase, withoutAddress } = found;
  const here = `${present === 0 ? "nobody is" : present === 1 ? "1 is" : `${present} are`} in`;
  if (withoutAddress > 0) {
    const evidence = `${here}; ${withoutAddress} asked for an address, and nobody has answered: no DHCP server on ${interfaceName}`;
    return ill(link, evidence, `beacon dhcp ${interfaceName} --config FILE   # 'beacon explain last' says who`);
  }
  if (wrongPassphrase > 0) {
    return unclear(
      link,
      `${here}; ${wrongPassphrase} tried a wrong passphrase in the last hour`,
      "beacon explain last",
    );
  }
  return well(link, here);
}

function service({ service: unit }: Evidence): Diagnosis {
  const link = "service";
  if (unit === undefined) return unclear(link, "systemd doesn't run here");
  const evidence = `${unit.name} is ${unit.enabled}, ${unit.active}`;
  if (unit.enabled === "masked")
    return ill(link, evidence, `systemctl unmask ${unit.name} && systemctl enable --now ${unit.name}`);
  if (unit.active === "failed") return ill(link, evidence, `journalctl -u ${unit.name} | beacon explain --log -`);
  return unit.active === "active" ? well(link, evidence) : unclear(link, evidence);
}

export const daemonChecks: readonly Check[] = [entropy, configuration, control, stations, service];
