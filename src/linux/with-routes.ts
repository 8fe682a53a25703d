import { openNetlink } from "./netlink-socket.ts";
import type { Reactor } from "./reactor.ts";
import { RouteClient } from "./rtnetlink.ts";

/** A conversation with rtnetlink that is over when this returns. @throws KernelRefusal */
export function withRoutes<T>(reactor: Reactor, use: (routes: RouteClient) => T): T {
  const routes = new RouteClient(openNetlink(reactor, "route"));
  try {
    return use(routes);
  } finally {
    routes.close();
  }
}
