/** What an authenticator counts of one port. IEEE Std 802.1X-2004, 8.2.4.2, 8.2.9.4 and 9.4.2. */

const names = [
  "eapolFramesRx",
  "eapolFramesTx",
  "eapolStartFramesRx",
  "eapolLogoffFramesRx",
  "eapolRespIdFramesRx",
  "eapolRespFramesRx",
  "eapolReqIdFramesTx",
  "eapolReqFramesTx",
  "invalidEapolFramesRx",
  "eapLengthErrorFramesRx",
  "entersConnecting",
  "eapLogoffsWhileConnecting",
  "entersAuthenticating",
  "authSuccessesWhileAuthenticating",
  "authTimeoutsWhileAuthenticating",
  "authFailWhileAuthenticating",
  "authEapStartsWhileAuthenticating",
  "authEapLogoffWhileAuthenticating",
  "authReauthsWhileAuthenticated",
  "authEapStartsWhileAuthenticated",
  "authEapLogoffWhileAuthenticated",
  "backendResponses",
  "backendAccessChallenges",
  "backendOtherRequestsToSupplicant",
  "backendAuthSuccesses",
  "backendAuthFails",
] as const;

export type CounterName = (typeof names)[number];

export type Counters = Readonly<Record<CounterName, number>>;

export const noCounts: Counters = Object.fromEntries(names.map((name) => [name, 0])) as Record<CounterName, number>;

export const counted = (counters: Counters, name: CounterName): Counters => ({
  ...counters,
  [name]: counters[name] + 1,
});
