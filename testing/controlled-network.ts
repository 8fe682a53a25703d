/** A virtual access point with its control interface; clients are names, and what they are sent is kept. */

import assert from "node:assert/strict";
import { Radio } from "../src/ap/radio.ts";
import { utf8 } from "../src/base/bytes.ts";
import type { Clock } from "../src/base/clock.ts";
import { milliseconds } from "../src/base/duration.ts";
import { ConfigurationError, KernelRefusal } from "../src/base/errors.ts";
import { type Level, Log, type LogRecord } from "../src/base/log.ts";
import type { MacAddress } from "../src/base/mac-address.ts";
import { octetsOf, octetTextOf } from "../src/config/octets.ts";
import { parseConfiguration } from "../src/config/parser.ts";
import type { Configuration } from "../src/config/registry.ts";
import { defaultBss, defaultRadio } from "../src/config/settings.ts";
import type { Addition, ControlledDaemon } from "../src/control/daemon-port.ts";
import { DeviceList } from "../src/control/devices.ts";
import type { ClientAddress, ControlSockets, DatagramEndpoint, Delivery, OnDatagram } from "../src/control/port.ts";
import { ControlServer } from "../src/control/server.ts";
import type { Driver } from "../src/driver/port.ts";
import { createVirtualDriver } from "../src/driver/virtual/index.ts";
import { VirtualMedium } from "../src/driver/virtual/medium.ts";
import { RecordBook } from "../src/observe/record/book.ts";
import type { StationOptions } from "../src/virtual/options.ts";
import { VirtualStation } from "../src/virtual/station.ts";
import { FixedEntropy } from "./fixed-entropy.ts";
import { usualOptions } from "./observed-radio.ts";
import { VirtualClock } from "./virtual-clock.ts";

export const client = (name: string): ClientAddress => name as ClientAddress;

/** The sockets of a machine: datagrams go in with {@link say}, and come out per client. */
export class FakeSockets implements ControlSockets {
  readonly #handlers = new Map<string, OnDatagram>();
  readonly #sent = new Map<ClientAddress, string[]>();
  /** What happens to datagrams for a client; `sent` where nothing is said. */
  readonly deliveries = new Map<ClientAddress, Delivery>();
  sends = 0;

  /** Paths of the open sockets. */
  get open(): string[] {
    return [...this.#handlers.keys()];
  }

  isGroup = (nameOrId: string | number): boolean => nameOrId === 0 || nameOrId === "root";
  openInterface: ControlSockets["openInterface"] = ({ directory, name }, onDatagram) =>
    this.#open(`${directory}/${name}`, onDatagram);
  openGlobal: ControlSockets["openGlobal"] = ({ path }, onDatagram) => this.#open(path, onDatagram);

  say(path: string, from: ClientAddress, datagram: Uint8Array | string): void {
    const handler = this.#handlers.get(path);
    assert.ok(handler, `${path} is not open`);
    handler(from, typeof datagram === "string" ? octetsOf(datagram) : datagram);
  }

  /** What a client has been sent since the last time, oldest first. */
  take(of: ClientAddress): string[] {
    const sent = this.#sent.get(of) ?? [];
    this.#sent.set(of, []);
    return sent;
  }

  #open(path: string, onDatagram: OnDatagram): DatagramEndpoint {
    if (this.#handlers.has(path)) throw new KernelRefusal("bind", "EADDRINUSE");
    this.#handlers.set(path, onDatagram);
    return {
      send: (to, datagram) => {
        this.sends += 1;
        const delivery = this.deliveries.get(to) ?? "sent";
        if (delivery === "sent") this.#sent.set(to, [...(this.#sent.get(to) ?? []), octetTextOf(datagram)]);
        return delivery;
      },
      close: () => void this.#handlers.delete(path),
    };
  }
}

const directory = "/run/hostapd";
export const globalPath = "/run/hostapd-global";

export class ControlledNetwork {
  readonly clock = new VirtualClock();
  readonly entropy = new FixedEntropy(1);
  readonly medium = new VirtualMedium(this.clock);
  readonly driver: Driver;
  readonly sockets = new FakeSockets();
  readonly records: LogRecord[] = [];
  readonly log = new Log((record) => {
    this.records.push(record);
    this.control.onLogRecord(record);
  });
  readonly control: ControlServer;
  readonly recordBook = new RecordBook({
    clock: this.clock,
    settingsOf: (name) =>
      this.#radios.flatMap((radio) => radio.configuration.bsses).find((bss) => bss.interface === name),
  });
  /** What the file of devices holds; undefined for none. */
  deviceFile: string | undefined;
  readonly devices = new DeviceList(this.clock, {
    read: () => this.deviceFile,
    change: (make) => {
      this.deviceFile = make(this.deviceFile);
    },
  });
  readonly version = "1.2.3";
  readonly tlsLibrary = "OpenSSL 3.0.0";
  readonly logging = {
    level: "info" as Level,
    timestamps: false,
    reopened: 0,
    closed: 0,
    reopen() {
      this.reopened += 1;
      return true;
    },
    close() {
      this.closed += 1;
    },
  };
  readonly contents = new Map<string, string>();
  /** Test frames that were sent, by interface, and who listens. */
  readonly ethernet: { interface: string; etherType: number; frames: Uint8Array[]; hear(frame: Uint8Array): void }[] =
    [];
  terminated = 0;
  readonly #radios: Radio[] = [];

  /** @param makeDriver of another driver than the virtual one */
  constructor(makeDriver?: (clock: Clock, log: Log) => Driver) {
    this.driver = makeDriver?.(this.clock, this.log) ?? createVirtualDriver(this.medium, this.clock, this.entropy);
    this.control = new ControlServer({ daemon: this.#daemon(), sockets: this.sockets });
    this.control.openGlobal({ path: globalPath, group: undefined });
  }

  /** @param text of a hostapd.conf without `interface=` for its first BSS */
  add(text: string, name = "wlan0"): Radio {
    const all = `interface=${name}\nctrl_interface=${directory}\n${text}\n`;
    const { configuration, problems } = parseConfiguration(utf8(all), "test.conf", this.files);
    assert.ok(configuration, JSON.stringify(problems));
    const radio = this.#newRadio(configuration);
    this.control.follow();
    return radio;
  }

  /** Brings a radio up. */
  async start(text: string): Promise<Radio> {
    const radio = this.add(text);
    await this.settle(radio.enable());
    return radio;
  }

  async settle(up: Promise<unknown>): Promise<void> {
    this.pass(10);
    await up;
    this.pass(10);
  }

  station(options: Partial<StationOptions> & Pick<StationOptions, "ssid">): VirtualStation {
    return new VirtualStation(this.medium, this.clock, this.entropy, {
      frequencies: [2412],
      listener: () => undefined,
      ...options,
    });
  }

  pass(duration: number): void {
    this.clock.advance(milliseconds(duration));
  }

  /** The answer, where it comes at once. */
  ask(request: string, { from = "client", on = `${directory}/wlan0` } = {}): string {
    const asking = client(from);
    this.sockets.take(asking);
    this.sockets.say(on, asking, request);
    const [reply, ...more] = this.sockets.take(asking).filter((datagram) => !/^(IFNAME=\S+ )?<\d>/.test(datagram));
    assert.ok(reply !== undefined && more.length === 0, `${request}: ${reply}, ${more}`);
    return reply;
  }

  /** The answer to a command that takes its time. */
  async askSlowly(request: string, { from = "client", on = `${directory}/wlan0` } = {}): Promise<string> {
    const asking = client(from);
    this.sockets.take(asking);
    this.sockets.say(on, asking, request);
    // some of it, as deriving keys, takes real time
    for (let turn = 0; turn < 5000; turn++) {
      await new Promise((resolve) => setTimeout(resolve, turn < 50 ? 0 : 2));
      this.pass(10);
      const [reply] = this.sockets.take(asking);
      if (reply !== undefined) return reply;
    }
    assert.fail(`no answer to ${request}`);
  }

  askGlobal(request: string): string {
    return this.ask(request, { on: globalPath });
  }

  /** Events that a client gets from now on. */
  attach(from: string, on = `${directory}/wlan0`, options = ""): void {
    assert.equal(this.ask(`ATTACH${options}`, { from, on }), "OK\n");
  }

  events(of: string): string[] {
    return this.sockets.take(client(of));
  }

  readonly files = (path: string): Uint8Array => {
    const contents = this.contents.get(path);
    if (contents === undefined) throw new ConfigurationError(`can't read '${path}': there is no such file`);
    return utf8(contents);
  };

  readonly openEthernet: ControlledDaemon["openEthernet"] = (name, etherType, onFrame) => {
    if (!["wlan0", "br0"].includes(name)) throw new KernelRefusal("if_nametoindex", "ENODEV");
    const tap = { interface: name, etherType, frames: [] as Uint8Array[], hear: onFrame };
    this.ethernet.push(tap);
    return {
      send: (frame) => void tap.frames.push(frame),
      close: () => void this.ethernet.splice(this.ethernet.indexOf(tap), 1),
    };
  };

  remove(interfaceName: string): boolean {
    const at = this.#radios.findIndex((radio) => radio.name === interfaceName);
    const [radio] = at === -1 ? [] : this.#radios.splice(at, 1);
    radio?.disable();
    return radio !== undefined;
  }

  /** Of which {@link readFile} can't read the file. */
  readonly withFile = new Set<Radio>();

  readFile(): Configuration {
    throw new ConfigurationError("wlan0 was not configured by a file");
  }

  terminate(): void {
    this.terminated += 1;
  }

  #newRadio(configuration: Radio["configuration"]): Radio {
    const radio = new Radio({
      configuration,
      driver: this.driver,
      clock: this.clock,
      entropy: this.entropy,
      log: this.log,
      listener: (event) => {
        this.recordBook.onEvent(event);
        this.control.onEvent(event);
      },
      bans: this.devices,
      ...usualOptions,
    });
    this.#radios.push(radio);
    return radio;
  }

  #addition(addition: Addition): void {
    if (addition.type !== "blank") throw new ConfigurationError(`can't read '${addition.file}': there is no such file`);
    const bss = { ...defaultBss(addition.interface), ctrl_interface: addition.controlDirectory };
    this.#newRadio({ radio: defaultRadio(), bsses: [bss] });
  }

  #daemon(): ControlledDaemon {
    return {
      version: this.version,
      tlsLibrary: this.tlsLibrary,
      pid: 4711,
      started: 0,
      unixTime: () => this.clock.unixTime(),
      records: this.recordBook,
      devices: this.devices,
      log: this.log,
      logging: this.logging,
      files: this.files,
      openEthernet: this.openEthernet,
      radios: () => this.#radios,
      add: (addition) => this.#addition(addition),
      remove: (name) => this.remove(name),
      disconnectByRadius: () => false,
      radiusServerMib: () => "",
      forgetReauthenticationKeys: () => undefined,
      hasFile: (radio) => this.withFile.has(radio),
      readFile: () => this.readFile(),
      terminate: () => this.terminate(),
    };
  }
}

/** A configuration, as is each of the next. */
export const openText = "ssid=open\nhw_mode=g\nchannel=1";
export const pskText = `ssid=somename
hw_mode=g
channel=1
country_code=US
ieee80211n=1
wmm_enabled=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=somepassword`;
/** What a station needs for {@link pskText}. */
export const secure = { ssid: utf8("somename"), security: { secret: { passphrase: "somepassword" } } } as const;

/** With stations that have joined. */
export async function protectedNetwork(stations = 1) {
  const network = new ControlledNetwork();
  const radio = await network.start(pskText);
  const joined = Array.from({ length: stations }, () => network.station(secure));
  for (const station of joined) {
    station.join();
    network.pass(500);
    assert.match(network.ask(`STA ${station.address}`), /\[AUTHORIZED\]/);
  }
  return { network, radio, joined, address: joined[0]?.address ?? ("" as MacAddress) };
}
