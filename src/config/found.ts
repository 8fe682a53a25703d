/** What a check of one BSS's or one radio's settings finds; whoever asks knows which BSS it is about. */

import type { Finding } from "./check.ts";

export type Found = Omit<Finding, "bss">;

/** @param property the key that it is about @param hostapd its own words, where it has any */
const found =
  (severity: Found["severity"]) =>
  (property: string, message: string, hostapd?: string): Found =>
    hostapd === undefined ? { severity, property, message } : { severity, property, message, hostapd };

export const error = found("error");
export const warning = found("warning");
export const note = found("note");
