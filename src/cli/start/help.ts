export const help = `usage: beacon start [--virtual | --interface IF] [--once]

Brings an access point up and shows what happens on it, until Ctrl-C.

As root it takes the first Wi-Fi radio that can be an access point and that
nothing else uses. Where there is none, or not as root, it takes a virtual radio
inside this process, where three virtual stations try to join: one with the
right passphrase, one with a wrong one, and one whose only cipher is too old.

Options:
  --virtual        take the virtual radio in any case
  --interface IF   take this interface, whatever uses it now
  --once           end after the show, as it does where nobody watches (output
                   that is no terminal)

Example: beacon start --virtual --once

Exit status: 0 where all came out as it should, 1 where something didn't, 2 for
a wrong command line.
`;
