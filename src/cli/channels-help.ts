export const channelsHelp = `usage: beacon channels [INTERFACE] [--json]

Shows every channel of a radio, and whether an access point may use it under the
rules in force; if not, why not.

  --json  a line for each channel, as JSON

Example: beacon channels wlan0

Exit status: 0 where some channel can be used, 1 where none can, 2 for a wrong
command line.
`;
