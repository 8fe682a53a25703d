import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError } from "../base/errors.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { type DeviceFile, DeviceList } from "./devices.ts";

const phone = "00:00:5e:00:53:01" as MacAddress;
const tablet = "00:00:5e:00:53:02" as MacAddress;

function bench() {
  const state = { now: 1000, text: undefined as string | undefined, isFull: false };
  const file: DeviceFile = {
    read: () => state.text,
    change(make) {
      const next = make(state.text);
      if (state.isFull) throw new ConfigurationError("no space left on device");
      state.text = next;
    },
  };
  const clock = { unixTime: () => state.now };
  const open = (): DeviceList => {
    const list = new DeviceList(clock, file);
    list.load();
    return list;
  };
  return { state, open };
}

test("bans and names survive a restart; a ban with an end ends", () => {
  const { state, open } = bench();
  const first = open();
  first.ban(phone, undefined);
  first.ban(tablet, 600);
  first.rename(phone, "Anna's phone");
  const second = open();
  assert.deepEqual([second.isBanned(phone), second.isBanned(tablet)], [true, true]);
  assert.equal(second.nameOf(phone), "Anna's phone");
  state.now += 601;
  assert.deepEqual([second.isBanned(phone), second.isBanned(tablet)], [true, false]);
  assert.equal(second.unban(phone), true);
  assert.equal(second.unban(phone), false);
  assert.deepEqual([second.isBanned(phone), second.nameOf(phone)], [false, "Anna's phone"]);
  second.rename(phone, undefined);
  assert.deepEqual(JSON.parse(state.text ?? ""), { devices: [] });
});

test("what another daemon has written meanwhile stays", () => {
  const { open } = bench();
  const [one, other] = [open(), open()];
  one.ban(phone, undefined);
  other.ban(tablet, undefined);
  assert.deepEqual([other.isBanned(phone), other.isBanned(tablet)], [true, true]);
  assert.deepEqual([open().isBanned(phone), open().isBanned(tablet)], [true, true]);
});

test("what can't be written is in force, and said", () => {
  const { state, open } = bench();
  const list = open();
  state.isFull = true;
  assert.throws(() => list.ban(phone, undefined), /no space left/);
  assert.ok(list.isBanned(phone));
});

test("a file that means nothing is not written over", () => {
  const { state, open } = bench();
  const list = open();
  for (const text of ["", "{}", '{"devices":[{"address":"x"}]}', "\0\0\0"]) {
    state.text = text;
    assert.throws(() => open(), ConfigurationError);
    assert.throws(() => list.ban(phone, undefined), ConfigurationError);
    assert.equal(state.text, text);
  }
  assert.ok(list.isBanned(phone));
});

test("names that would spoil a table, or be taken for an address, are none", () => {
  const { open } = bench();
  const list = open();
  for (const name of ["a\nb", "\u001b[2J", "x".repeat(65), " x", "00:00:5e:00:53:09", "a\u202eb", "\ud800"]) {
    assert.throws(() => list.rename(phone, name), ConfigurationError, JSON.stringify(name));
  }
  list.rename(phone, "Küche – groß 📱");
  assert.equal(open().nameOf(phone), "Küche – groß 📱");
});
