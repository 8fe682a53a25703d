import type { Clock } from "../../base/clock.ts";
import { milliseconds } from "../../base/duration.ts";
import type { RadiusNetwork } from "../../radius/client/port.ts";

/** For an access point that is alone in its process: nobody is there to be asked. */
export const noNetwork = (clock: Clock): RadiusNetwork => ({
  open: (_endpoint, listener) => ({
    isReliable: false,
    send: () => void clock.after("no network", milliseconds(0), () => listener.onFailure("there is no network")),
    close: () => undefined,
  }),
  listen: () => ({ close: () => undefined }),
});
