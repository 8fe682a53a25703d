/**
 * The root of the errors that Beacond throws on purpose. `code` says whose fault it is:
 * - `malformed`: bytes or text that break their format ({@link MalformedError})
 * - `violation`: a peer that speaks the format but breaks the protocol
 * - `refusal`: the kernel said no (`KernelRefusal` in linux/)
 * - `configuration`: the user's file or command asks for what can't be
 *
 * Anything else that is thrown is our own bug.
 */
export type ErrorCode = "malformed" | "violation" | "refusal" | "configuration";

export abstract class BeaconError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The kernel refused a request. `reason` is its own message from the extended acknowledgement, where it gave one.
 * A driver in the process (driver/virtual) throws it too, with the errno that the kernel would give.
 */
export class KernelRefusal extends BeaconError {
  override readonly name = "KernelRefusal";

  constructor(
    /** What was asked: `NL80211_CMD_START_AP`, `bind`. */
    readonly request: string,
    /** The symbolic errno, `EBUSY`; `E<number>` where it has no name here. */
    readonly errno: string,
    readonly reason?: string,
  ) {
    super("refusal", `${request}: ${errno}${reason === undefined ? "" : ` (${reason})`}`);
  }
}

/** What the user asked for can't be done as asked; the message is for them to read and says what would do. */
export class ConfigurationError extends BeaconError {
  override readonly name = "ConfigurationError";

  constructor(message: string, options?: ErrorOptions) {
    super("configuration", message, options);
  }
}

/** The message of whatever was thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
