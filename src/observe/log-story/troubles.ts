import type { TroubleName } from "./facts.ts";
import type { Verdict } from "./story.ts";

interface Trouble {
  readonly verdict: Verdict;
  readonly text: string;
  readonly advice: readonly string[];
}

const bad = (text: string, ...advice: readonly string[]): Trouble => ({ verdict: "bad", text, advice });
const doctor = "'beacon doctor' looks at the chip, its module, and who holds the interface";

/** What is known of each. */
export const troubles: Readonly<Record<TroubleName, Trouble>> = {
  "driver-mode": bad(
    "The driver refused to become an access point.",
    "whether the chip can: 'iw list' has AP among the supported interface modes",
    "who else uses the interface: NetworkManager, wpa_supplicant, another hostapd",
    doctor,
  ),
  monitor: {
    verdict: "harmless",
    text: "There is no monitor interface; access points have done without for years.",
    advice: [],
  },
  rfkill: bad("The radio is switched off.", "'rfkill unblock wifi'; on a Raspberry Pi the country has to be set first"),
  channel: bad(
    "The channel is not to be had: the country's rules or the hardware forbid it.",
    "country_code, and 'iw reg get'",
    "'beacon channels' shows each channel and why it can't be used",
  ),
  "no-interface": bad(
    "The interface is not there.",
    "its name: 'ip link'",
    "its driver: 'dmesg'; a USB device may come later than the daemon, which Beacond waits for",
  ),
  "interface-down": bad(
    "The interface was taken down or went away while the access point ran.",
    "who does that: NetworkManager, ifplugd, a script",
    "the device: 'dmesg' tells of USB devices that reset",
  ),
  busy: bad(
    "Something else holds the interface.",
    "NetworkManager, wpa_supplicant or another hostapd: 'beacon doctor' names it",
  ),
  beacon: bad(
    "The driver refused the beacon.",
    "the features that the configuration asks for against 'iw list'",
    doctor,
  ),
  "not-started": bad("The access point did not start."),
  configuration: bad(
    "The configuration has errors.",
    "'beacon check FILE' shows each at its place, with the mended line",
  ),
  "control-socket": bad(
    "The control socket could not be opened: another daemon has it, or one that died has left it.",
    "whether another hostapd runs: 'pgrep -a hostapd'",
  ),
  send: bad("The driver did not send a frame.", "the device: 'dmesg'", doctor),
  radius: bad("The RADIUS server did not answer.", "its address, port and secret; a firewall between", "its own log"),
  certificate: bad(
    "TLS failed.",
    "the certificates: their dates, their chain, and that key and certificate belong together",
  ),
  "unsupported-driver": bad(
    "This hostapd doesn't know the driver interface that the file names.",
    "driver=nl80211; Beacond takes the names of private drivers for it",
  ),
  mismatch: bad("What the station said at association and in the handshake differs."),
  michael: bad(
    "A message's integrity check failed with TKIP: a broken driver, or an attack. After two within a minute everybody has to go.",
    "CCMP in place of TKIP: wpa=2, rsn_pairwise=CCMP",
  ),
};
