/** What happens where no network answers: the same for all commands that ask one. */

import { Reactor } from "../../linux/reactor.ts";
import { exitStatus } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { type Found, findNetworks, Unanswered, type Where } from "./ask.ts";

/**
 * Runs with the networks that answer; where none does, says so.
 * @returns the exit status
 */
export async function withNetworks(
  where: Omit<Where, "reactor">,
  { errors }: Terminal,
  run: (found: Found, reactor: Reactor) => Promise<number>,
  /** What there is to say where none answers; undefined for nothing. */
  otherwise: () => number | undefined = () => undefined,
): Promise<number> {
  const reactor = new Reactor();
  try {
    const found = await findNetworks({ ...where, reactor });
    try {
      const instead = found.networks.length === 0 ? otherwise() : undefined;
      if (instead !== undefined) return instead;
      for (const complaint of found.complaints) errors.write(`${complaint}\n`);
      return found.networks.length === 0 ? exitStatus.failed : await run(found, reactor);
    } finally {
      found.close();
    }
  } catch (thrown) {
    if (!(thrown instanceof Unanswered)) throw thrown;
    errors.write(`${thrown.message}\n`);
    return exitStatus.failed;
  } finally {
    reactor.close();
  }
}
