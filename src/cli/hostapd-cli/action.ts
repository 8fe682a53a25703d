/** -a: a program that is run for each event, one after the other. */

import { spawn } from "node:child_process";
import { resolve as absolute } from "node:path";
import { messageOf } from "../../base/errors.ts";

/** Programs that take their time don't make the list of events grow for ever. */
const mostWaiting = 1000;

export interface ActionRunner {
  /** @param socket the name of the socket that it came from */
  onEvent(socket: string, event: string): void;
  /** The next ones are not begun. */
  stop(): void;
}

/** @param complain of a program that can't be run */
export function actionRunner(program: string, complain: (text: string) => void): ActionRunner {
  const waiting: (readonly string[])[] = [];
  let running = false;

  function next(): void {
    const args = waiting.shift();
    if (args === undefined || running) return;
    running = true;
    run(absolute(program), args, complain).then(() => {
      running = false;
      next();
    });
  }

  return {
    onEvent: (socket, event) => {
      if (waiting.length >= mostWaiting) return complain(`${program} is too slow: an event is left out\n`);
      waiting.push(actionArguments(socket, event));
      if (!running) next();
    },
    stop: () => {
      waiting.length = 0;
    },
  };
}

/** `wlan0 AP-STA-CONNECTED 02:...`: the interface, and the words of the event without its level. */
export function actionArguments(socket: string, event: string): string[] {
  const text = event.startsWith("<") ? event.slice(event.indexOf(">") + 1) : event;
  return [socket, ...text.split(" ").filter((word) => word !== "")];
}

function run(program: string, args: readonly string[], complain: (text: string) => void): Promise<void> {
  return new Promise((resolve) => {
    try {
      const child = spawn(program, args, { stdio: "inherit" });
      child.once("error", (error) => {
        complain(`${program}: ${error.message}\n`);
        resolve();
      });
      child.once("exit", () => resolve());
    } catch (thrown) {
      // An argument that no program can be given, such as one with a NUL.
      complain(`${program}: ${messageOf(thrown)}\n`);
      resolve();
    }
  });
}
