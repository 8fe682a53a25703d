import { tryRun } from "../../lab/guest/process.ts";

/** FreeRADIUS's client, towards our port for dynamic authorization. @returns the answer's code, or what it says where there is none */
export async function radclient(
  command: "disconnect" | "coa",
  secret: string,
  ...attributes: readonly string[]
): Promise<string> {
  const input = `${attributes.join("\n")}\n`;
  const { stdout, stderr } = await tryRun(["radclient", "-x", "-r", "1", "127.0.0.1:3799", command, secret], {
    input,
  });
  return /Received (\S+)/.exec(stdout)?.[1] ?? `${stdout}${stderr}`;
}
