/** The client's own affairs: is somebody there, and what does it want to hear. */

import { leadingInteger } from "../../config/numbers.ts";
import { done, type GlobalContext, onGlobal, onInterface } from "../command.ts";

const ping = (): string => "PONG\n";
const attach = ({ monitors, client }: GlobalContext, options: string): string =>
  done(monitors.attach(client, options === "" ? undefined : options));
const detach = ({ monitors, client }: GlobalContext): string => done(monitors.detach(client));

export const sessionCommands = [
  onInterface("PING", "", "Answers PONG.", ping),
  onInterface("ATTACH", "[probe_rx_events=<0/1>]", "Sends the client what happens from now on.", attach),
  onInterface("DETACH", "", "Sends the client nothing more.", detach),
  onInterface("LEVEL", "<level>", "Keeps messages below a level from an attached client.", (context, level) =>
    done(context.monitors.setLevel(context.client, leadingInteger(level).value)),
  ),
  onGlobal("PING", "", "Answers PONG.", ping),
  onGlobal("ATTACH", "[probe_rx_events=<0/1>]", "Sends the client what happens on all interfaces.", attach),
  onGlobal("DETACH", "", "Sends the client nothing more.", detach),
] as const;
