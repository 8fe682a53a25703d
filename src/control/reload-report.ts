/** What a reload would do or has done, for people and for programs. */

import type { Radio } from "../ap/radio.ts";
import { type Change, type Leaving, leavingFor, type ReloadPlan, type Step } from "../ap/reload-plan.ts";

export interface StepReport {
  readonly type: Step["type"];
  /** Interface of the BSS that it is about; absent where it is about all of the radio. */
  readonly bss?: string;
  /** Keys of the configuration that it is for; `bss` where a BSS as a whole comes or goes. */
  readonly keys: readonly string[];
  readonly leaving: Leaving;
  /** How many stations that concerns at most. */
  readonly stations: number;
  /** Where the radio goes. */
  readonly channel?: number;
}

export interface ReloadReport {
  readonly radio: string;
  readonly isUp: boolean;
  readonly changes: readonly Change[];
  readonly steps: readonly StepReport[];
}

/** How many stations there are, to be counted before anything is done. */
export interface Standing {
  readonly radio: string;
  readonly isUp: boolean;
  readonly stations: ReadonlyMap<string, number>;
}

export const standingOf = (radio: Radio): Standing => ({
  radio: radio.name,
  isUp: radio.state === "ENABLED",
  stations: new Map(radio.bsses.map((bss) => [bss.name, bss.associatedCount])),
});

export function reportOf({ changes, steps }: ReloadPlan, { radio, isUp, stations }: Standing): ReloadReport {
  const all = [...stations.values()].reduce((sum, count) => sum + count, 0);
  return {
    radio,
    isUp,
    changes,
    steps: steps.map((step): StepReport => {
      const leaving = leavingFor(step);
      const { type, keys } = step;
      const own = "bss" in step ? (stations.get(step.bss) ?? 0) : all;
      const to = "to" in step ? step.to : "on" in step ? step.on : undefined;
      return {
        type,
        ...("bss" in step ? { bss: step.bss } : {}),
        keys,
        leaving,
        stations: leaving === "nobody" ? 0 : own,
        ...(to === undefined ? {} : { channel: to.channel }),
      };
    }),
  };
}

/** A line for each step, or one where there is none. Values are not shown: they may be secrets. */
export function sentencesOf({ radio, isUp, changes, steps }: ReloadReport): string[] {
  if (steps.length > 0) return steps.map((step) => `${step.bss ?? radio}: ${sentence(step)}`);
  if (isUp || changes.length === 0) return [`${radio}: nothing changes`];
  return [`${radio}: ${listed(changes.map(({ key }) => key))}: in force when the radio is up`];
}

function sentence(step: StepReport): string {
  const keys = listed(step.keys);
  switch (step.type) {
    case "set-country":
      return `${keys}: the country's rules are put in force; where they forbid the channel, all stays as it is`;
    case "restart-radio":
      return `${keys}: the radio and all its interfaces start anew; ${going(step)}`;
    case "set-thresholds":
      return `${keys}: told to the driver; nobody notices`;
    case "switch-channel":
      return `${keys}: goes to channel ${step.channel}; the stations are told and come along`;
    case "change-bridge":
      return `${keys}: the interface goes into another bridge; nobody has to go`;
    case "change-color":
      return `${keys}: the stations are told of another BSS colour; nobody has to go`;
    case "begin-all":
      return `${keys}: all BSSs begin anew on channel ${step.channel}; ${going(step)}`;
    case "add-bss":
      return "is added; nobody notices";
    case "remove-bss":
      return `is removed; ${going(step)}`;
    case "reopen-bss":
      return `${keys}: begins anew, with its interface; ${going(step)}`;
    case "begin-bss":
      return `${keys}: begins anew; ${going(step)}`;
    case "show-settings":
      return `${keys}: in force at once; nobody has to go`;
    case "reopen-socket":
      return `${keys}: the control socket is opened anew; nobody notices`;
    case "change-keys":
      return `${keys}: other keys; of ${counted(step.stations)} those go whose key is none any more`;
    case "check-admission":
      return `${keys}: of ${counted(step.stations)} those go who are not let in any more`;
  }
}

const listed = (keys: readonly string[]): string => [...new Set(keys)].join(", ");
const counted = (stations: number): string => (stations === 1 ? "1 station" : `${stations} stations`);

function going({ stations }: StepReport): string {
  if (stations === 0) return "there are no stations that would have to go";
  return stations === 1 ? "its station has to go" : `its ${stations} stations have to go`;
}

/** The whole as one line of JSON. */
export const reportJson = (report: ReloadReport): string => `${JSON.stringify(report)}\n`;
