/** The control interface's half of docs/compatibility.md, from the table that requests are looked up in. */

import { ownPrefix } from "../src/control/commands/live.ts";
import { commands as all, commandsLeftOut, commandsOfLater } from "../src/control/table.ts";

const isOwn = ({ name }: { readonly name: string }): boolean => name.startsWith(ownPrefix);
const commands = all.filter((command) => !isOwn(command));

export function commandSections(): string[] {
  const later = commandsOfLater.flatMap(({ names }) => names).length;
  return [
    `## Commands of the control interface

The sockets are hostapd's: UNIX datagrams, one for each interface in \`ctrl_interface\`, and the global one of \`-g\`; hostapd_cli
and other clients work as they are. Of hostapd's ${commands.length + later + commandsLeftOut.length} commands ${commands.length} are here, ${later} answer \`FAIL\` until their part of Beacond is
done, and ${commandsLeftOut.length} are left out and answered like unknown ones: \`UNKNOWN COMMAND\`, or \`FAIL\` on the global socket.

Where answers differ from hostapd's:

- **\`SET\` of what needs more than a moment** (a new beacon, a new start) waits for \`UPDATE_BEACON\`, \`RELOAD\` or \`ENABLE\`, and is not
  half in force before. \`GET_CONFIG\` and \`GET\` show it at once. What can change live does so at once.
- **\`RELOAD\`** does what the change takes, and sends nobody away for a change that stations don't feel.
- **\`GET\`** shows every key that is no secret; hostapd has only \`version\` and \`tls_library\`.
- **\`ENABLE\`** answers when the interface is up, or has failed; with \`country_code\` hostapd answers before that.
- **\`STATUS-DRIVER\` and \`DRIVER_FLAGS\`** have what concerns an access point.
- **Replies** may be longer than 8192 octets; the rest of a line is never cut off.
- **Monitors that never read** are found and given up, so that they don't keep answers from others.
`,
    ...(["interface", "global"] as const).map(implemented),
    "### Beacond's own\n",
    "On an interface's socket; what `beacon status`, `stations`, `explain`, `kick`, `ban` and `rename` ask. [control.md](control.md#beaconds-own-commands) has their answers.\n",
    "| Command | What it does |",
    "| --- | --- |",
    ...all.filter(isOwn).map(row),
    "",
    "### Not yet\n",
    "| Part | Commands |",
    "| --- | --- |",
    ...commandsOfLater.map(({ part, names }) => `| ${part} | ${names.map(code).join(", ")} |`),
    "",
    "### Left out\n",
    "| Command | Socket | Because it |",
    "| --- | --- | --- |",
    ...commandsLeftOut.map(({ name, scope, why }) => `| ${code(name)} | ${scope} | ${why} |`),
    "",
  ];
}

function implemented(scope: "interface" | "global"): string {
  const rows = commands.filter((command) => command.scope === scope).map(row);
  const title = scope === "interface" ? "On an interface's socket" : "On the global socket";
  const more = scope === "global" ? ["| `IFNAME=<interface> <command>` | A command for that interface. |"] : [];
  return [`### ${title}`, "", "| Command | What it does |", "| --- | --- |", ...rows, ...more, ""].join("\n");
}

const row = ({ name, usage, doc }: (typeof all)[number]): string =>
  `| ${code(`${name}${usage === "" ? "" : ` ${usage}`}`)} | ${escaped(doc)} |`;
const code = (text: string): string => `\`${escaped(text)}\``;
const escaped = (text: string): string => text.replaceAll("|", "\\|");
