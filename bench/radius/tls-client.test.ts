import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createServer, type TLSSocket } from "node:tls";
import { textOf, utf8 } from "../../src/base/bytes.ts";
import { createAuthority } from "../../testing/certificates.ts";
import { tlsClients } from "./tls-client.ts";

for (const kind of ["ec", "rsa"] as const) {
  test(`a handshake with OpenSSL's server, the client's certificate asked for (${kind})`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "beacond-tls-client-"));
    const authority = createAuthority(folder, "CA", kind);
    const [own, theirs] = [
      authority.issue("server", { key: kind }),
      authority.issue("me", { key: kind, usage: "client" }),
    ];
    const server = createServer({
      cert: readFileSync(own.certificate),
      key: readFileSync(own.key),
      ca: readFileSync(authority.certificate),
      requestCert: true,
      rejectUnauthorized: true,
    });
    server.on(
      "secureConnection",
      (socket) => void socket.on("data", (data) => socket.write(`${names(socket)}: ${data}`)),
    );
    try {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      const socket = connect(typeof address === "object" ? (address?.port ?? 0) : 0, "127.0.0.1");
      const client = tlsClients(theirs.certificate, theirs.key)();
      socket.write(client.feed(new Uint8Array()));
      const next = async (): Promise<void> => {
        const [data] = (await once(socket, "data")) as [Buffer];
        socket.write(client.feed(whole(data)));
      };
      let rest = new Uint8Array();
      /** Up to the end of the last record that is there. */
      const whole = (data: Uint8Array): Uint8Array => {
        const all = Uint8Array.of(...rest, ...data);
        let end = 0;
        for (;;) {
          const after = end + 5 + (((all[end + 3] ?? 0) << 8) | (all[end + 4] ?? 0));
          if (end + 5 > all.length || after > all.length) break;
          end = after;
        }
        rest = all.slice(end);
        return all.subarray(0, end);
      };
      while (!client.isEstablished) await next();
      for (const text of ["one", "two"]) {
        socket.write(client.write(utf8(text)));
        await next();
        assert.equal(textOf(client.read()), `me TLSv1.2: ${text}`);
      }
      socket.destroy();
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
}

const names = (socket: TLSSocket): string => `${socket.getPeerCertificate().subject.CN} ${socket.getProtocol()}`;
