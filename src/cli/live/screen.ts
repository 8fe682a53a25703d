/** A terminal's screen that is drawn anew in place, and given back as it was. */

import type { Terminal } from "../terminal.ts";

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Screen {
  /** Lines beyond the size are not shown. */
  show(draw: (size: Size) => readonly string[]): void;
  close(): void;
}

export interface ScreenListener {
  onKey(key: string): void;
  onResize(): void;
}

/** ECMA-48 and the private modes of xterm that every terminal has: the other screen, no cursor. */
const begin = "\u001b[?1049h\u001b[?25l";
const end = "\u001b[?25h\u001b[?1049l";
const home = "\u001b[H";
const clearLine = "\u001b[K";
const clearBelow = "\u001b[J";

type Raw = { setRawMode?: (raw: boolean) => unknown };

export function openScreen({ input, output }: Terminal, { onKey, onResize }: ScreenListener): Screen {
  const raw = input.isTTY === true ? (input as typeof input & Raw) : undefined;
  const onData = (data: Buffer | string): void => {
    for (const key of data.toString()) onKey(key);
  };
  let isOpen = true;
  output.write(begin);
  raw?.setRawMode?.(true);
  if (raw) input.on("data", onData).resume();
  output.on("resize", onResize);
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    output.off("resize", onResize);
    if (raw) {
      input.off("data", onData).pause();
      raw.setRawMode?.(false);
    }
    output.write(end);
  };
  return {
    show(draw) {
      const size = { columns: output.columns ?? 80, rows: output.rows ?? 24 };
      const lines = draw(size).slice(0, size.rows);
      output.write(`${home}${lines.map((line) => `${line}${clearLine}`).join("\r\n")}${clearBelow}`);
    },
    close,
  };
}
