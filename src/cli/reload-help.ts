export const reloadHelp = `usage: beacon reload [--plan] [--json] [-p DIRECTORY] [-i INTERFACE]

Has a running access point read its configuration file again and put in force
what has changed, and says whom that concerned. Only stations that a change
really concerns have to go. A file with errors changes nothing; what the kernel
refuses half-way is taken back.

  --plan        say what would be done, and do nothing
  --json        answer as JSON, one line for each radio
  -p DIRECTORY  directory of the control sockets (default: /var/run/hostapd)
  -i INTERFACE  interface of one radio (default: all radios)

Example: beacon reload --plan -i wlan0

Exit status: 0 done, 1 where it can't be done or nobody answers, 2 for a wrong
command line.
`;
