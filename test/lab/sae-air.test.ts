// lab: radios=3
/** SAE between the daemon and a stock client, off the air: what tshark reads of each frame is what our own decoders read, and the daemon's are whole. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { run } from "../../lab/guest/process.ts";
import { readSaeCommit, type SaeOffer, saeMethodOf } from "../../src/auth/sae/request.ts";
import { hexOf, Reader, textOf } from "../../src/base/bytes.ts";
import { decodeAuthentication } from "../../src/wire/ieee80211/authentication.ts";
import { managementHeaderLength } from "../../src/wire/ieee80211/frame.ts";
import { decodeSaeConfirm, saeGroupsOf } from "../../src/wire/ieee80211/sae.ts";
import { statusCode } from "../../src/wire/ieee80211/status-code.ts";
import { apAddress, cidr, joined, openConfig, passphrase } from "./networks.ts";

/** What one frame says. */
interface Said {
  readonly step: number;
  readonly status: number;
  readonly group?: number;
  readonly scalar?: string;
  readonly element?: string;
  readonly token?: string;
  readonly identifier?: string;
  readonly rejected?: readonly number[];
  readonly sendConfirm?: number;
  readonly confirm?: string;
}

const capture = "/tmp/sae.pcap";
const offer: SaeOffer = {
  methods: new Set(["looping", "hash-to-element"]),
  groups: new Map([
    [19, { number: 19, lengths: { scalar: 32, element: 64 } }],
    [20, { number: 20, lengths: { scalar: 48, element: 96 } }],
  ]),
};

/** Authentication frames of a capture with radiotap headers, without FCS. */
function framesOf(octets: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const frames: Uint8Array[] = [];
  for (let at = 24; at + 16 <= octets.length; ) {
    const length = view.getUint32(at + 8, true);
    const packet = octets.subarray(at + 16, at + 16 + length);
    frames.push(packet.subarray(view.getUint16(at + 18, true)));
    at += 16 + length;
  }
  return frames.filter(([first]) => first === 0xb0);
}

function readByUs(frame: Uint8Array): Said {
  const body = new Reader(frame.subarray(managementHeaderLength), ["Authentication"]);
  const { transaction: step, status, fields = new Uint8Array(0) } = decodeAuthentication(body);
  const method = saeMethodOf(status);
  if (step === 2) {
    const length = fields.length - 2;
    const { sendConfirm, confirm } = decodeSaeConfirm(new Reader(fields, ["SAE Confirm"]), length);
    return { step, status, sendConfirm, confirm: hexOf(confirm) };
  }
  const group = (fields[0] ?? 0) | ((fields[1] ?? 0) << 8);
  // Group 21 is nobody's here, and an answer with a token or a refusal is no Commit.
  if (method === undefined || group === 21) return { step, status, group };
  const verdict = readSaeCommit(offer, method, fields);
  assert.ok(verdict.type === "request", JSON.stringify(verdict));
  const { peer, passwordIdentifier, rejectedGroups } = verdict.request;
  return {
    step,
    status,
    group,
    scalar: hexOf(peer.scalar),
    element: hexOf(peer.element),
    ...(verdict.token ? { token: hexOf(verdict.token) } : {}),
    ...(passwordIdentifier ? { identifier: textOf(passwordIdentifier) } : {}),
    ...(rejectedGroups.length > 0 ? { rejected: saeGroupsOf(rejectedGroups) } : {}),
  };
}

const fields = {
  step: "wlan.fixed.auth_seq",
  status: "wlan.fixed.status_code",
  group: "wlan.fixed.finite_cyclic_group",
  scalar: "wlan.fixed.scalar",
  element: "wlan.fixed.finite_field_element",
  fixedToken: "wlan.fixed.anti_clogging_token",
  token: "wlan.ext_tag.sae.anti_clogging_token",
  identifier: "wlan.ext_tag.sae.password_identifier",
  rejected: "wlan.ext_tag.rejected_groups.group",
  sendConfirm: "wlan.fixed.send_confirm",
  confirm: "wlan.fixed.confirm",
} as const;

async function readByTshark(): Promise<readonly Said[]> {
  const asked = Object.values(fields).flatMap((field) => ["-e", field]);
  const command = ["tshark", "-r", capture, "-Y", "wlan.fc.type_subtype == 11", "-T", "fields", ...asked];
  const lines = (await run(command)).split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const values = line.split("\t");
    const value = (name: keyof typeof fields): string => values[Object.keys(fields).indexOf(name)] ?? "";
    const [step, status] = [Number(value("step")), Number(value("status"))];
    const octets = (name: keyof typeof fields): string => value(name).replaceAll(":", "");
    if (step === 2) return { step, status, sendConfirm: Number(value("sendConfirm")), confirm: octets("confirm") };
    const group = Number(value("group"));
    if (octets("scalar") === "" || group === 21) return { step, status, group };
    const token = octets("token") || octets("fixedToken");
    return {
      step,
      status,
      group,
      scalar: octets("scalar"),
      element: octets("element"),
      ...(token ? { token } : {}),
      ...(value("identifier") ? { identifier: value("identifier") } : {}),
      ...(value("rejected") ? { rejected: value("rejected").split(",").map(Number) } : {}),
    };
  });
}

for (const [what, lines, network, global] of [
  ["by looping, with a token", ["sae_pwe=0"], {}, "sae_pwe=0"],
  [
    "by hashing, with an identifier, a rejected group and a token",
    ["sae_pwe=1", "sae_groups=20", "sae_password=secret|id=some identifier"],
    { sae_password: "secret", sae_password_id: "some identifier" },
    "sae_pwe=1\nsae_groups=21 20",
  ],
] as const) {
  test(`an exchange ${what}`, async (t) => {
    const config = openConfig(
      "castle",
      ...["wpa=2", "wpa_key_mgmt=SAE", "rsn_pairwise=CCMP", "ieee80211w=2", `sae_password=${passphrase}`],
      ...["anti_clogging_threshold=0", ...lines],
    );
    await startDaemon(t, { config, args: ["-dd"] });
    await setAddress("wlan0", cidr(apAddress));
    await run(["ip", "link", "set", "hwsim0", "up"]);
    const listening = run(["timeout", "5", "tcpdump", "-U", "-i", "hwsim0", "-w", capture]).catch(() => "");
    const saeNetwork = { ssid: "castle", key_mgmt: "SAE", ieee80211w: 2, scan_freq: 2412, sae_password: passphrase };
    const client = await joined(t, 1, { ...saeNetwork, ...network }, { global });
    await client.ping(apAddress);
    await listening;

    const ours = framesOf(readFileSync(capture)).map(readByUs);
    assert.deepEqual(ours, await readByTshark());
    const isHashing = what.startsWith("by hashing");
    const done = isHashing ? statusCode["sae-hash-to-element"] : statusCode.success;
    const token = statusCode["anti-clogging-token-required"];
    const refused = statusCode["unsupported-finite-cyclic-group"];
    assert.deepEqual(
      ours.map(({ step, status }) => [step, status]),
      [
        ...(isHashing ? [done, refused].map((status) => [1, status]) : []),
        ...[done, token, done, done].map((status) => [1, status]),
        [2, 0],
        [2, 0],
      ],
    );
    const [request, answer] = ours.slice(-4);
    assert.equal(request?.token?.length, 64);
    assert.deepEqual(request?.rejected, isHashing ? [21] : undefined);
    assert.equal(answer?.identifier, isHashing ? "some identifier" : undefined);
    assert.equal(answer?.token, undefined);
  });
}
