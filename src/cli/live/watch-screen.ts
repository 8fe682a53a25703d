/** What `beacon watch` shows. Pure. */

import type { MacAddress } from "../../base/mac-address.ts";
import type { StatusAnswer } from "../../control/live-answers.ts";
import type { Paint } from "../style.ts";
import type { Size } from "./screen.ts";
import { type Row, table } from "./stations.ts";
import { channelText } from "./status.ts";
import { clockTime, fitted, safe, span } from "./text.ts";

export interface Happened {
  /** Seconds of UNIX time. */
  readonly at: number;
  readonly interface: string;
  /** hostapd's word: AP-STA-CONNECTED. */
  readonly event: string;
  readonly station: MacAddress | undefined;
  /** All that was told. */
  readonly text: string;
}

export interface Watched {
  readonly rows: readonly Row[];
  readonly statuses: readonly StatusAnswer[];
  /** Oldest first. */
  readonly happened: readonly Happened[];
  readonly names: ReadonlyMap<MacAddress, string>;
  readonly now: number;
}

/** Lines that are kept for what happened, where there are so many stations that they would fill the screen. */
const leastHappened = 5;

/** Lines for a screen of that size, none longer. */
export function watchScreen(
  { rows, statuses, happened, names, now }: Watched,
  paint: Paint,
  { columns, rows: height }: Size,
): readonly string[] {
  const heads = statuses.map((status) => headOf(status, paint, now, columns));
  const room = Math.max(0, height - heads.length - 3);
  const events = happened.slice(-Math.max(leastHappened, room - rows.length - 3));
  const below =
    events.length === 0 ? [] : ["", ...events.map((each) => eventLine(each, names, paint, columns)).reverse()];
  const forTable = Math.max(3, height - heads.length - 2 - below.length);
  const lines = rows.length === 0 ? ["nobody is in"] : table(rows, paint, now, columns).trimEnd().split("\n");
  const shown =
    lines.length <= forTable ? lines : [...lines.slice(0, forTable - 1), `... and ${rows.length - forTable + 2} more`];
  const hint = paint("quiet", fitted("q ends", Math.min(columns, 6)));
  return [...heads, "", ...shown, ...below].slice(0, Math.max(1, height - 1)).concat(hint);
}

function headOf(status: StatusAnswer, paint: Paint, now: number, columns: number): string {
  const { interface: name, ssid, up, stations, warnings } = status;
  const state = up === undefined ? `not on the air (${status.state})` : `up ${span(now - up)}`;
  const text = `${name}  '${safe(ssid)}'  channel ${channelText(status)}  ${stations} in  ${state}${warnings.length === 0 ? "" : `  ! ${warnings[0] ?? ""}`}`;
  return paint(up === undefined ? "bad" : "name", fitted(text, columns).trimEnd());
}

function eventLine(happened: Happened, names: Watched["names"], paint: Paint, columns: number): string {
  const name = happened.station && names.get(happened.station);
  const time = clockTime(happened.at);
  const text = fitted(`${happened.interface}  ${happenedText(happened, name)}`, Math.max(0, columns - time.length - 2));
  return `${paint("quiet", time)}  ${paint(toneOf(happened), text.trimEnd())}`;
}

const words: Readonly<Record<string, string>> = {
  "AP-STA-CONNECTED": "is in",
  "AP-STA-DISCONNECTED": "is out",
  "AP-STA-POSSIBLE-PSK-MISMATCH": "has a wrong passphrase",
  "AP-REJECTED-MAX-STA": "is turned away: no room",
  "AP-REJECTED-BLOCKED-STA": "is turned away: not allowed here",
  "CTRL-EVENT-EAP-FAILURE": "did not get through IEEE 802.1X",
  "CTRL-EVENT-EAP-FAILURE2": "did not get through IEEE 802.1X",
  "CTRL-EVENT-SAE-UNKNOWN-PASSWORD-IDENTIFIER": "names a password identifier that there isn't",
};

/** @param name of the station, where it has one */
export function happenedText({ event, station, text }: Happened, name: string | undefined): string {
  const plain = words[event];
  const who = station === undefined ? "" : name === undefined ? station : `${safe(name)} (${station})`;
  return plain === undefined || station === undefined ? text : `${who} ${plain}`;
}

const toneOf = ({ event }: Happened) =>
  event === "AP-STA-CONNECTED"
    ? "good"
    : /MISMATCH|REJECTED|FAILURE|TERMINATING|DISABLED/.test(event)
      ? "bad"
      : "quiet";
