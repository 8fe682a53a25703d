import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { test } from "node:test";
import { startStreamRelay } from "./stream-relay.ts";

const local = "127.0.0.1";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, local);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function said(port: number, text: string): Promise<string> {
  const socket = connect({ host: local, port });
  let heard = "";
  socket.setEncoding("utf8").on("data", (data: string) => {
    heard += data;
  });
  socket.on("error", () => undefined);
  socket.end(text);
  await once(socket, "close");
  return heard;
}

test("what one end says the other hears, and back; without a target nobody is heard; a taken place is told", async (t) => {
  const far = createServer({ allowHalfOpen: true }, (socket) => {
    socket.setEncoding("utf8").once("data", (data: string) => socket.end(data.toUpperCase()));
  }).listen(0, local);
  await once(far, "listening");
  t.after(() => far.close());
  const { port: farPort } = far.address() as AddressInfo;
  let target: { address: string; port: number } | undefined = { address: local, port: farPort };
  const port = await freePort();
  const failures: string[] = [];
  const relay = startStreamRelay(
    { address: local, port },
    () => target,
    (reason) => failures.push(reason),
  );
  t.after(() => relay.close());
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(await said(port, "meadow"), "MEADOW");
  target = undefined;
  assert.equal(await said(port, "meadow"), "");
  target = { address: local, port: await freePort() };
  assert.equal(await said(port, "meadow"), "");
  const second = startStreamRelay(
    { address: local, port },
    () => target,
    (reason) => failures.push(reason),
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.match(failures[0] ?? "", /EADDRINUSE/);
  second.close();
});
