export const saePkHelp = `usage: beacon sae-pk [options] SSID

Makes a password for SAE-PK: whoever knows it can join the network, and can't
pass for its access point, since the password carries a fingerprint of the
access point's key. Prints lines for hostapd.conf, one of which is to be taken:
the longer the password, the harder it is to forge. That takes some seconds, or
with --strength 5 some weeks.

  --key FILE      a private key of the curve P-256, P-384 or P-521, as DER or PEM
                  (default: a new one for P-256)
  --strength N    3 or 5; with 5 a password of the same length is 65,536 times as
                  strong (default: 3)
  --threads N     (default: as many as there are processors)

Example: beacon sae-pk "my network" >>/etc/hostapd/hostapd.conf

Exit status: 0 done, 1 where the key can't be read or used, 2 for a wrong command
line.
`;
