import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { SaePassword } from "../config/sae-passwords.ts";
import { defaultBss } from "../config/settings.ts";
import { type SaeCredential, SaeCredentials } from "./sae-credentials.ts";

const station = (n: number) => `02:00:00:00:00:${n.toString(16).padStart(2, "0")}` as MacAddress;

const password = (text: string, more: Partial<SaePassword> = {}): SaePassword => ({
  password: utf8(text),
  station: undefined,
  vlanId: 0,
  identifier: undefined,
  pk: undefined,
  ...more,
});

const credentialsOf = (sae_password: readonly SaePassword[], more = {}): SaeCredentials =>
  new SaeCredentials({ ...defaultBss("wlan0"), ssid: utf8("net"), sae_password, ...more });

const name = (credential: SaeCredential | undefined): string | undefined =>
  credential && new TextDecoder().decode(credential.entry.password);

test("wpa_passphrase counts where no sae_password does, unless sae_password_psk says no", () => {
  const one = station(1);
  const wpa_passphrase = utf8("the network's");
  assert.equal(name(credentialsOf([], { wpa_passphrase }).select(one, undefined, "looping")), "the network's");
  assert.equal(
    credentialsOf([], { wpa_passphrase, sae_password_psk: true }).select(one, undefined, "looping"),
    undefined,
  );
  assert.equal(name(credentialsOf([password("own")], { wpa_passphrase }).select(one, undefined, "looping")), "own");
  const named = credentialsOf([password("own", { identifier: utf8("id") })], { wpa_passphrase });
  assert.equal(name(named.select(one, undefined, "looping")), "the network's");
  assert.equal(credentialsOf([]).select(one, undefined, "looping"), undefined);
});

test("by identifier, and by station before any", () => {
  const credentials = credentialsOf([
    password("any"),
    password("own", { station: station(1) }),
    password("named", { identifier: utf8("id") }),
    password("named own", { identifier: utf8("id"), station: station(1) }),
  ]);
  assert.equal(name(credentials.select(station(1), undefined, "looping")), "own");
  assert.equal(name(credentials.select(station(2), undefined, "looping")), "any");
  assert.equal(name(credentials.select(station(1), utf8("id"), "hash-to-element")), "named own");
  assert.equal(name(credentials.select(station(2), utf8("id"), "hash-to-element")), "named");
  assert.equal(credentials.select(station(2), utf8("other"), "hash-to-element"), undefined);
});

test("of 2,000 passwords each station finds its own, one an attempt, and has it from then on", () => {
  const passwords = Array.from({ length: 2000 }, (_, i) => password(`password ${i}`));
  const credentials = credentialsOf(passwords);
  const join = (who: MacAddress, right: string): number => {
    for (let attempt = 1; attempt <= 4000; attempt++) {
      const credential = credentials.select(who, undefined, "looping") ?? assert.fail("no password left");
      if (name(credential) === right) {
        credentials.succeeded(who, credential);
        return attempt;
      }
      credentials.failed(who, credential, "looping");
    }
    return assert.fail(`${who} never finds ${right}`);
  };
  assert.equal(join(station(1), "password 1999"), 1, "the last line is tried first");
  assert.equal(join(station(2), "password 0"), 2000);
  assert.equal(join(station(2), "password 0"), 1);
  // Another's password is tried after all that are nobody's: 1,998 are, and the first attempt has no choice.
  assert.ok(join(station(3), "password 1999") <= 2001);
  assert.equal(join(station(3), "password 1999"), 1);
});

test("a station that is bound to a password is tried with it first", () => {
  const credentials = credentialsOf([password("a"), password("b"), password("c")]);
  assert.ok(credentials.bind(station(1), utf8("a")));
  assert.equal(name(credentials.select(station(1), undefined, "looping")), "a");
  assert.ok(!credentials.bind(station(1), utf8("d")));
});

test("it is known whether another attempt can help", () => {
  const credentials = credentialsOf([password("a"), password("b")]);
  const select = (): SaeCredential => credentials.select(station(1), undefined, "looping") ?? assert.fail();
  assert.equal(credentials.failed(station(1), select(), "looping"), true);
  assert.equal(credentials.failed(station(1), select(), "looping"), false);
  const single = credentialsOf([password("a")]);
  assert.equal(
    single.failed(station(1), single.select(station(1), undefined, "looping") ?? assert.fail(), "looping"),
    false,
  );
});

test("10,000 stations that come once are not all remembered", () => {
  const credentials = credentialsOf([password("a"), password("b")]);
  const address = (i: number) =>
    `02:00:00:00:${(i >> 8).toString(16).padStart(2, "0")}:${(i & 255).toString(16).padStart(2, "0")}`;
  const used = new Set<SaeCredential>();
  for (let i = 0; i < 10_000; i++) {
    const credential = credentials.select(address(i) as MacAddress, undefined, "looping") ?? assert.fail();
    credentials.succeeded(address(i) as MacAddress, credential);
    used.add(credential);
  }
  assert.equal(
    [...used].reduce((sum, { users }) => sum + users, 0),
    4096,
  );
});

test("PT is kept for its group, and wiped in the end", () => {
  const credentials = credentialsOf([password("a")]);
  const credential = credentials.select(station(1), undefined, "hash-to-element") ?? assert.fail();
  const asked = { method: "hash-to-element", group: 19, passwordIdentifier: undefined } as const;
  assert.equal(credential.source(asked).kind, "password");
  const pt = new Uint8Array(64).fill(1);
  credential.keep(asked, pt);
  assert.deepEqual(credential.source(asked), { kind: "pt", pt });
  assert.equal(credential.source({ ...asked, group: 20 }).kind, "password");
  assert.equal(credential.source({ ...asked, method: "looping" }).kind, "looping");
  credentials.wipe();
  assert.deepEqual(pt, new Uint8Array(64));
});

test("PT of an identifier that is for one time is not kept", () => {
  const identifier = utf8("id");
  const credentials = credentialsOf([password("a", { identifier })]);
  const credential = credentials.select(station(1), identifier, "hash-to-element") ?? assert.fail();
  const asked = { method: "hash-to-element", group: 19, passwordIdentifier: utf8("sealed") } as const;
  const source = credential.source(asked);
  assert.deepEqual(source.kind === "password" && source.identifier, utf8("sealed"), "PT is made with what was named");
  const pt = new Uint8Array(64).fill(1);
  credential.keep(asked, pt);
  assert.deepEqual(pt, new Uint8Array(64));
  assert.equal(credential.source(asked).kind, "password");
  assert.equal(credential.source({ ...asked, passwordIdentifier: identifier }).kind, "password");
});

test("with other passwords, stations whose own is still there are known as before", () => {
  const before = credentialsOf(["a", "b", "c"].map((text) => password(text)));
  const learn = (n: number, right: string): void => {
    for (;;) {
      const credential = before.select(station(n), undefined, "looping") ?? assert.fail();
      if (name(credential) === right) return before.succeeded(station(n), credential);
      before.failed(station(n), credential, "looping");
    }
  };
  learn(1, "a");
  learn(2, "b");
  const after = credentialsOf(["a", "d", "c", "e"].map((text) => password(text)));
  after.inherit(before);
  before.wipe();
  assert.equal(name(after.select(station(1), undefined, "looping")), "a");
  assert.equal(name(after.select(station(2), undefined, "looping")), "e", "its password is gone: it begins anew");
  const moved = credentialsOf([password("z"), password("a", { vlanId: 7 })].reverse());
  moved.inherit(after);
  assert.equal(
    name(moved.select(station(1), undefined, "looping")),
    "z",
    "the same password of another VLAN is another",
  );
});
