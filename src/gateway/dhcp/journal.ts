/** What has to survive: records of leases, one after the other, of which the last for an address counts. */

/** One record, with times of the calendar so that it means the same after a restart. */
export interface LeaseRecord {
  readonly address: string;
  readonly client: string;
  readonly hardware?: string;
  readonly hostName?: string;
  readonly state: "bound" | "released" | "declined";
  /** Seconds of UNIX time; null for one without an end. */
  readonly until: number | null;
  readonly since: number;
}

export interface LeaseJournal {
  /** Those that count, in the order in which they were written. */
  readonly records: readonly LeaseRecord[];
  /** Resolves when the record is on the disk. @throws ConfigurationError where it can't be written: a full disk */
  append(record: LeaseRecord): Promise<void>;
  close(): void;
}

/** For a network that forgets. */
export const forgetfulJournal: LeaseJournal = {
  records: [],
  append: async () => undefined,
  close: () => undefined,
};
