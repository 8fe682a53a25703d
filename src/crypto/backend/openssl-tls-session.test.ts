import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { clientHello, failureOf, handshake, peerOf, required, withContext } from "../../../testing/tls-handshake.ts";

for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
  describe(version, () => {
    const only = { minVersion: version, maxVersion: version };

    test("a handshake, keys that both have, data both ways", async () => {
      await withContext({}, async (context) => {
        const { session, peer } = await handshake(context, only);
        assert.equal(failureOf(session), "established");
        assert.equal(session.version, version);
        assert.equal(peer.secure(), true);
        const context64 = Uint8Array.of(13);
        for (const label of ["client EAP encryption", "EXPORTER_EAP_TLS_Key_Material"]) {
          assert.deepEqual(
            Buffer.from(session.export(label, context64, 128)),
            peer.socket.exportKeyingMaterial(128, label, Buffer.from(context64)),
          );
        }
        assert.deepEqual(
          Buffer.from(session.export("ttls keying material", undefined, 64)),
          // Node's types want a context where OpenSSL does without.
          (peer.socket.exportKeyingMaterial as (length: number, label: string) => Buffer)(64, "ttls keying material"),
        );
        assert.equal(session.peerSerial(), session.peerCertificate()?.serial);
        assert.deepEqual(session.peerCertificate()?.subject, ["CN=user"]);
        assert.deepEqual(session.peerCertificate()?.alternativeNames, [
          "email:user@example.com",
          "DNS:host.example.com",
        ]);
        peer.socket.write("from the client");
        await peer.run();
        assert.equal(Buffer.from(session.read()).toString(), "from the client");
        assert.equal(session.read().length, 0);
        const records = session.write(Buffer.from("from the server")) ?? new Uint8Array();
        assert.ok(records.length > 15);
        session.close();
      });
    });

    test("records in pieces of one octet", async () => {
      await withContext({}, async (context) => {
        const session = context.session(required);
        const peer = peerOf(session, only, (octets) => Array.from(octets, (octet) => Uint8Array.of(octet)));
        await peer.run();
        assert.equal(failureOf(session), "established");
        peer.socket.write("in pieces");
        await peer.run();
        assert.equal(Buffer.from(session.read()).toString(), "in pieces");
        session.close();
      });
    });

    test("a record cut in two, at each octet", async () => {
      await withContext({}, async (context) => {
        const hello = await clientHello(only);
        for (let at = 1; at < hello.length; at++) {
          const session = context.session(required);
          assert.equal(session.feed(hello.subarray(0, at)).output.length, 0, `an answer to ${at} octets`);
          const { output, state } = session.feed(hello.subarray(at));
          assert.equal(state.kind, "handshaking");
          assert.ok(output.length > 500, `no answer, cut after ${at} octets`);
          session.close();
        }
      });
    });

    test("the peer's alert is told", async () => {
      await withContext({}, async (context) => {
        const session = context.session(required);
        session.feed(await clientHello(only));
        // A fatal alert, unknown_ca; TLS 1.3 takes one in the clear as long as nothing encrypted has come.
        const { state } = session.feed(Uint8Array.of(21, 3, 3, 0, 2, 2, 48));
        assert.deepEqual(state, { kind: "failed", reason: "the peer says: tlsv1 alert unknown ca" });
        session.close();
      });
    });

    test("a session goes on, with what was kept; not for another purpose, nor after it was forgotten", async () => {
      await withContext({ sessionLifetime: 60 }, async (context) => {
        const sessions: Buffer[] = [];
        const once = async (ticket: Buffer | undefined, purpose = "TLS") => {
          const session = context.session({ ...required, purpose });
          const peer = peerOf(session, ticket === undefined ? only : { ...only, session: ticket });
          peer.socket.on("session", (made: Buffer) => sessions.push(made));
          await peer.run();
          assert.equal(failureOf(session), "established");
          return session;
        };
        const first = await once(undefined);
        assert.equal(first.resumed, false);
        assert.equal(first.remembered(), undefined);
        first.remember(Uint8Array.of(13, 1, 2, 3));
        first.close();
        const second = await once(sessions.at(-1));
        assert.equal(second.resumed, true);
        assert.deepEqual(second.remembered(), Uint8Array.of(13, 1, 2, 3));
        assert.deepEqual(second.peerCertificate()?.subject, ["CN=user"]);
        second.close();
        const ticket = sessions.at(-1);
        const third = await once(ticket);
        assert.equal(third.resumed, true);
        third.forget();
        third.close();

        const unfinished = await once(undefined);
        const unfinishedTicket = sessions.at(-1);
        unfinished.close();
        assert.equal((await once(unfinishedTicket)).resumed, false);
      });
    });

    test("no session goes on where that is switched off", async () => {
      await withContext({}, async (context) => {
        const sessions: Buffer[] = [];
        const first = context.session(required);
        const peer = peerOf(first, only);
        peer.socket.on("session", (made: Buffer) => sessions.push(made));
        await peer.run();
        first.remember(Uint8Array.of(1));
        first.close();
        const again = context.session(required);
        const ticket = sessions.at(-1);
        await peerOf(again, ticket === undefined ? only : { ...only, session: ticket }).run();
        assert.equal(failureOf(again), "established");
        assert.equal(again.resumed, false);
        again.close();
      });
    });

    test("whatever comes, the process goes on", async () => {
      await withContext({ sessionLifetime: 60 }, async (context) => {
        fc.assert(
          fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (pieces) => {
            const session = context.session(required);
            for (const piece of pieces) session.feed(piece);
            session.read();
            session.remember(Uint8Array.of(1));
            session.remembered();
            session.write(Uint8Array.of(1));
            session.close();
            session.close();
            session.forget();
            assert.equal(session.feed(Uint8Array.of(22)).output.length, 0);
            assert.equal(session.write(Uint8Array.of(1)), undefined);
            assert.equal(session.peerCertificate(), undefined);
            assert.throws(() => session.export("x", undefined, 16));
          }),
          { numRuns: 300 },
        );
        // A handshake of which one octet is another.
        for (let at = 0; at < 600; at += 7) {
          const session = context.session(required);
          let passed = 0;
          const peer = peerOf(session, only, (octets) => {
            const changed = octets.slice();
            if (at >= passed && at < passed + changed.length) changed[at - passed] = (changed[at - passed] ?? 0) ^ 0x41;
            passed += octets.length;
            return [changed];
          });
          await peer.run();
          session.close();
        }
      });
    });
  });
}
