/** Colours, where somebody sees them. */

export type Tone = "good" | "bad" | "name" | "quiet";

export type Paint = (tone: Tone, text: string) => string;

/** SGR parameters. ECMA-48, 8.3.117. */
const codes: Readonly<Record<Tone, number>> = { good: 32, bad: 31, name: 1, quiet: 2 };

const coloured: Paint = (tone, text) => `\u001b[${codes[tone]}m${text}\u001b[0m`;
const plain: Paint = (_tone, text) => text;

/** No colours either where NO_COLOR asks for none. */
export const paintFor = (output: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint =>
  output.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb" ? coloured : plain;
