export const dhcpHelp = `usage: beacon dhcp INTERFACE --config FILE [--leases FILE]

Gives the devices of one interface their addresses, as ISC's dhcpd does, and by
its configuration file: dhcpd.conf(5). It stays in the foreground. The interface
needs an address of one of the file's subnets. 'beacon check FILE' says what is
wrong with a file, and what of it has no effect here.

  --config FILE  what to serve
  --leases FILE  where leases are kept: /var/lib/beacond/INTERFACE.leases
                 otherwise

Example: beacon dhcp wlan0 --config /etc/dhcp/dhcpd.conf

Exit status: 0 ended by a signal, 1 failed, 2 for a wrong command line.
`;
