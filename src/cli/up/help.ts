export const upHelp = `usage: beacon up [--ssid NAME] [--passphrase P | --open] [--interface IF]
                 [--channel N | --band 2.4|5|6] [--country XX] [--share IF]
                 [--guest] [--print-config]

A working network in one line: takes a radio that nothing else uses, a permitted
channel, WPA2 and WPA3 together, addresses that collide with no route, gives
devices their addresses, and lets them out by this machine's own way to the
Internet. It says what it has chosen and why, and stays in the foreground; at the
end all is put back. What a killed one has left behind, the next 'beacon up' or
'beacon down' cleans.

  --ssid NAME      the network's name; Beacond-XXXX otherwise
  --passphrase P   8 to 63 characters; one is made up otherwise. Others may see
                   it in the list of processes: --passphrase - reads a line
  --open           without protection
  --interface IF   this radio's interface, whatever uses it now
  --channel N      this channel; --band 2.4, 5 or 6 one of that band
  --country XX     your country's letters: more channels, and within its rules
  --share IF       lets stations out by this interface only
  --guest          stations see neither each other nor private networks
  --print-config   write the hostapd.conf that it would run, and do nothing

Example: beacon up --ssid meadow --passphrase 'correct horse'

Exit status: 0 ended by a signal, 1 failed, 2 for a wrong command line.
`;

export const downHelp = `usage: beacon down [INTERFACE]

Ends the networks of 'beacon up', or the one on INTERFACE, and puts back what a
killed one has left behind.

Example: beacon down wlan0

Exit status: 0 done, 1 something could not be put back, 2 for a wrong command
line.
`;
