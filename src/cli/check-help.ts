export const checkHelp = `usage: beacon check FILE...

Says what is wrong with hostapd.conf and dhcpd.conf files, where, and what
would be right. What stands in them without effect here is named too.
Nothing is started, and the files named in them are read but not changed.

Example: beacon check /etc/hostapd/hostapd.conf

Exit status: 0 where no file has an error (warnings don't count), 1 where one
has, 2 for a wrong command line.
`;
