export const doctorHelp = `usage: beacon doctor [INTERFACE] [--config FILE] [--json]

Walks the whole chain from the chip to the Internet and says of each link
whether it is well, not well, or can't be told, what shows that, and the one
command that mends it. It changes nothing. Some links only root can see.

  --config FILE  the configuration: /etc/hostapd/hostapd.conf otherwise
  --json         a line for each link, as JSON

Example: beacon doctor wlan0

Exit status: 0 where nothing is not well, 1 where something is, 2 for a wrong
command line.
`;
