/** One command to run with simulated radios, and how it ended. */

export interface LabJob {
  readonly command: readonly string[];
  /** The command's working directory, on the host as in the guest. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Simulated radios: phy0 with wlan0, phy1 with wlan1, ... */
  readonly radios: number;
  /** Time passes only while every process sleeps, and then at once. */
  readonly timeTravel: boolean;
  /** Real seconds until a guest that has not ended is killed. */
  readonly timeout: number;
  /** The guest's memory, MiB. */
  readonly memory: number;
  /** What tcpdump on hwsim0, which hears all the air, is to keep: a pcap filter; `undefined` keeps nothing at all. */
  readonly capture: string | undefined;
  /** Further words on the kernel's command line, such as `mac80211_hwsim.channels=2`. */
  readonly kernelArguments: readonly string[];
  /** Host folders that the guest needs to read, though they lie where its own temporary ones are. */
  readonly shares: readonly string[];
  /** The host folder for the job's files and results; the guest sees it as /run/lab. */
  readonly results: string;
  onStdout(chunk: Uint8Array): void;
  onStderr(chunk: Uint8Array): void;
}

export type LabOutcome =
  | { readonly kind: "exited"; readonly status: number }
  /** Killed after `timeout` seconds. */
  | { readonly kind: "timeout" }
  /** The guest ended without a status: its kernel died, or never came up. */
  | { readonly kind: "crashed" };

/** Where the guest finds the results folder. */
export const resultsInGuest = "/run/lab";
