export const explainHelp = `usage: beacon explain --log FILE [--json]

Reads a log that hostapd or beacond has written and says in words what happened:
which network came up, who joined, who could not and why, how it ended, what is
harmless, and what to look at next.

  --log FILE  the log; - for standard input
  --json      a line for each finding, as JSON

Example: beacon explain --log /var/log/hostapd.log

Exit status: 0 nothing is wrong as far as the log tells, 1 something is,
2 for a wrong command line or a file that can't be read.
`;
