/** What a long work says while it goes on: one line that moves on a terminal, a line now and then elsewhere. */
export interface Progress {
  /** How far it is, in a few words; said at most as often as makes sense. */
  update(text: string): void;
  /** A line that stays. */
  say(text: string): void;
  /** Leaves the moving line behind. */
  end(): void;
}

const everyMs = { terminal: 100, elsewhere: 20_000 };

export function progressOn(stream: NodeJS.WriteStream): Progress {
  const moving = stream.isTTY === true && process.env["CI"] === undefined;
  let last = moving ? 0 : Date.now();
  let shown = false;

  function end(): void {
    if (shown) stream.write("\n");
    shown = false;
  }

  return {
    update(text) {
      const now = Date.now();
      if (now - last < (moving ? everyMs.terminal : everyMs.elsewhere)) return;
      last = now;
      stream.write(moving ? `\r\x1b[K${text.slice(0, (stream.columns || 80) - 1)}` : `${text}\n`);
      shown = moving;
    },
    say(text) {
      end();
      stream.write(`${text}\n`);
    },
    end,
  };
}
