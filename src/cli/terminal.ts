/** What a command writes to and reads from; tests bring their own. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
  readonly errors: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

export const processTerminal: Terminal = { input: process.stdin, output: process.stdout, errors: process.stderr };

const nobodyReads: ReadonlySet<string | undefined> = new Set(["EPIPE", "ERR_STREAM_DESTROYED"]);

/** Whoever reads our output may have read enough (`hostapd_cli help | head`): then it ends, in order, as with a signal. */
export function endWithOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (!nobodyReads.has(error.code)) throw error;
    process.emit("SIGTERM");
  });
}
