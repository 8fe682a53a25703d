import { ConfigurationError, KernelRefusal } from "../../base/errors.ts";

/** A port that the server can't have, in words for whoever has configured it. @throws what is no refusal of the kernel's */
export function portRefusal(protocol: "UDP" | "TCP", port: number, thrown: unknown): ConfigurationError {
  if (!(thrown instanceof KernelRefusal)) throw thrown;
  const why = thrown.errno === "EADDRINUSE" ? "another program has it" : thrown.errno;
  return new ConfigurationError(`the RADIUS server can't have ${protocol} port ${port}: ${why}`);
}
