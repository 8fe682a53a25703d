/** RADIUS over TLS, the server's end: connections, and who does what comes over them. RFC 6613, RFC 6614. */

import { MalformedError, Reader } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { BssSettings } from "../../config/registry.ts";
import { listenTls, type TlsPeer, type TlsPeerListener, type TlsServer } from "../../linux/tls-server.ts";
import { errorCauses } from "../../radius/dynamic-authorization.ts";
import { checkMessageAuthenticator, sealAnswer, verifyRequestAuthenticator } from "../../radius/sealing.ts";
import type { ClientTable, KnownClient } from "../../radius/server/clients.ts";
import type { RadiusSource } from "../../radius/server/source.ts";
import type { Strangers } from "../../radius/server/strangers.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { decodeRadiusPacket, type RadiusCodeName, type RadiusPacket, radiusCodes } from "../../wire/radius/packet.ts";
import { PacketStream } from "../../wire/radius/stream.ts";
import { AttributeList, proxyStatesOf } from "../../wire/radius/values.ts";
import { portRefusal } from "./port-refusal.ts";
import { CredentialFiles } from "./tls-credentials.ts";

type Receive = (octets: Uint8Array, from: RadiusSource) => void;

export interface OverTlsParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly clients: ClientTable;
  readonly strangers: Strangers;
  readonly authenticate: Receive;
  /** undefined where there is no accounting. */
  readonly account: Receive | undefined;
}

const mostConnections = 1024;
/** Who doesn't take that many octets of answers is not there any more. */
const largestBacklog = 1024 * 1024;

export class RadiusOverTls {
  readonly #credentials: CredentialFiles;
  readonly #connections = new Map<number, TlsPeer>();
  #number = 0;
  #server: TlsServer | undefined;

  /** @throws ConfigurationError where a file is missing or wrong */
  constructor(
    settings: BssSettings,
    readonly parts: OverTlsParts,
  ) {
    this.#credentials = new CredentialFiles(settings, parts);
  }

  /** @throws ConfigurationError where the port is another's */
  async start({ radius_server_tls_port: port, radius_server_ipv6: bothFamilies }: BssSettings): Promise<void> {
    const { clients, strangers } = this.parts;
    try {
      this.#server = await listenTls(
        { port, bothFamilies },
        {
          admits: (address) => {
            if (!clients.find({ address })) strangers.hear("unknown", address);
            else if (this.#connections.size < mostConnections) return true;
            else strangers.onRefusedConnection(address, `there are ${mostConnections} connections already`);
            return false;
          },
          credentials: () => this.#credentials.current,
          onPeer: (peer) => this.#onPeer(peer),
          onRefused: (address, reason) => strangers.onRefusedConnection(address, reason),
        },
      );
    } catch (thrown) {
      throw portRefusal("TCP", port, thrown);
    }
  }

  /** Connections that come from now on meet these files; those that are there go on. @throws ConfigurationError */
  configure(settings: BssSettings): void {
    this.#credentials.use(settings);
  }

  send(packet: Uint8Array, { connection = 0 }: RadiusSource): void {
    const peer = this.#connections.get(connection);
    if (!peer) return;
    if (peer.backlog > largestBacklog) return peer.close();
    peer.send(packet);
  }

  close(): void {
    this.#server?.close();
    for (const peer of this.#connections.values()) peer.close();
    this.#connections.clear();
  }

  #onPeer(peer: TlsPeer): TlsPeerListener {
    const { log } = this.parts;
    const { address, port, name } = peer;
    this.#number += 1;
    const number = this.#number;
    const from: RadiusSource = { address, port, connection: number };
    this.#connections.set(number, peer);
    log.debug(`RADIUS SRV: connection ${number} over TLS from ${address}, '${name}'`);
    const stream = new PacketStream();
    return {
      onData: (data) => {
        try {
          for (const packet of stream.push(data)) this.#receive(packet, from);
        } catch (thrown) {
          if (!(thrown instanceof MalformedError)) throw thrown;
          this.#hangUp(from, thrown.message);
        }
      },
      onClose: () => {
        if (this.#connections.delete(number)) log.debug(`RADIUS SRV: connection ${number} has ended`);
      },
    };
  }

  /** @throws MalformedError */
  #receive(octets: Uint8Array, from: RadiusSource): void {
    const client = this.parts.clients.find(from);
    // It is there: else there would be no connection.
    if (!client || !this.#connections.has(from.connection ?? 0)) return;
    const packet = decodeRadiusPacket(new Reader(octets, ["RADIUS"]));
    // What is not the client's own is a reason to hang up. RFC 6613, section 2.6.4.
    if (!isAuthentic(packet, octets, client)) return this.#hangUp(from, "a packet with a wrong authenticator");
    switch (packet.code) {
      case radiusCodes["Accounting-Request"]:
        return this.parts.account
          ? this.parts.account(octets, from)
          : this.#decline("Accounting-Response", packet, client, from);
      case radiusCodes["Disconnect-Request"]:
        return this.#decline("Disconnect-NAK", packet, client, from);
      case radiusCodes["CoA-Request"]:
        return this.#decline("CoA-NAK", packet, client, from);
      default:
        return this.parts.authenticate(octets, from);
    }
  }

  /** It is not done here, and whoever asks shall not ask again. RFC 6614, section 2.5. */
  #decline(code: RadiusCodeName, packet: RadiusPacket, { secret }: KnownClient, from: RadiusSource): void {
    const { list } = new AttributeList()
      .put(...proxyStatesOf(packet))
      .add(radius.errorCause, errorCauses["unsupported-extension"]);
    const contents = { code: radiusCodes[code], identifier: packet.identifier, attributes: list };
    this.send(sealAnswer(secret, packet.authenticator, contents, true), from);
  }

  #hangUp(from: RadiusSource, reason: string): void {
    this.parts.strangers.onRefusedConnection(from.address, reason);
    this.#connections.get(from.connection ?? 0)?.close();
    this.#connections.delete(from.connection ?? 0);
  }
}

function isAuthentic({ code }: RadiusPacket, octets: Uint8Array, { secret }: KnownClient): boolean {
  switch (code) {
    case radiusCodes["Access-Request"]:
    case radiusCodes["Status-Server"]:
      return checkMessageAuthenticator(secret, octets) === "right";
    case radiusCodes["Accounting-Request"]:
    case radiusCodes["Disconnect-Request"]:
    case radiusCodes["CoA-Request"]:
      return verifyRequestAuthenticator(secret, octets) && checkMessageAuthenticator(secret, octets) !== "wrong";
    default:
      return true;
  }
}
