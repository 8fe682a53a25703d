/** A span of time, or a point on a monotonic clock, in milliseconds. Made with the functions below only. */
export type Duration = number & { readonly __brand: "Duration" };

export const milliseconds = (count: number): Duration => count as Duration;
export const seconds = (count: number): Duration => (count * 1000) as Duration;

/** Time units of 1.024 ms. IEEE Std 802.11-2020, 3.1. */
export const timeUnits = (count: number): Duration => (count * 1.024) as Duration;

export const inSeconds = (duration: Duration): number => duration / 1000;
export const since = (clock: { now(): Duration }, then: Duration): Duration => (clock.now() - then) as Duration;
