/** Addresses and traffic. */

import { type RunOptions, run, tryRun } from "./process.ts";

type Where = Pick<RunOptions, "namespace">;

/** Gives an interface an address such as `192.168.7.1/24`, in place of those it had. */
export async function setAddress(interfaceName: string, address: string, where: Where = {}): Promise<void> {
  await run(["ip", "addr", "flush", "dev", interfaceName, "scope", "global"], where);
  await run(["ip", "addr", "add", address, "dev", interfaceName], where);
}

export interface PingOptions extends Where {
  /** How many must come back. */
  readonly count?: number;
  /** Seconds to wait for each. */
  readonly wait?: number;
}

/** Whether every echo request is answered. */
export async function canPing(address: string, options: PingOptions = {}): Promise<boolean> {
  const { status, stdout } = await ping1(address, options);
  return status === 0 && / 0% packet loss/.test(stdout);
}

/** @throws Error when an echo request is not answered */
export async function ping(address: string, options: PingOptions = {}): Promise<void> {
  const { status, stdout, stderr } = await ping1(address, options);
  if (status !== 0 || !/ 0% packet loss/.test(stdout)) throw new Error(`ping ${address}: ${stdout}${stderr}`);
}

const ping1 = (address: string, { count = 3, wait = 2, ...where }: PingOptions) =>
  tryRun(["ping", "-n", "-i", "0.2", "-c", String(count), "-W", String(wait), address], where);
