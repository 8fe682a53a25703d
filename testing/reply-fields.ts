/** Lines `NAME=VALUE` of a reply of the control socket. */
export const fields = (reply: string): Record<string, string> =>
  Object.fromEntries(reply.split("\n").map((line) => [line.split("=", 1)[0], line.slice(line.indexOf("=") + 1)]));
