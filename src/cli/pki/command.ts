/** `beacon pki`: an authority for a network, and what devices want of it. */

import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { BeaconError, ConfigurationError } from "../../base/errors.ts";
import { nearest } from "../../config/nearest.ts";
import { systemEntropy } from "../../linux/entropy.ts";
import { exitStatus, wrongCommandLine } from "../command.ts";
import { parseCommandLine } from "../command-line/parse.ts";
import {
  defaultPkiDirectory,
  pkiClientDescription,
  pkiDescription,
  pkiInitDescription,
  pkiRenewDescription,
  pkiRevokeDescription,
  pkiShowDescription,
} from "../descriptions/pki.ts";
import { createSecretFile, systemText, writeSecretFile } from "../secret-file.ts";
import { randomLetters } from "../start/network.ts";
import { type Paint, paintFor } from "../style.ts";
import type { Terminal } from "../terminal.ts";
import { firstLineOf, lineOf } from "../up/passphrase.ts";
import { createAuthority, entries, issue, revoke as revokeIn, withLock } from "./authority.ts";
import { opensslIn } from "./openssl.ts";
import {
  androidText,
  type ClientProfile,
  mobileconfig,
  networkConf,
  networkManagerConnection,
  usersText,
  windowsEapTls,
  windowsPeap,
  wpaSupplicantConf,
  wpaSupplicantPeapConf,
} from "./profiles.ts";
import {
  complaintOfClient,
  complaintOfDomain,
  complaintOfOrganization,
  type PkiSettings,
  readSettings,
} from "./settings.ts";

const usualDays = 820;

/** @returns the exit status */
export async function pki(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  const acts: Readonly<Record<string, (args: readonly string[], terminal: Terminal) => Promise<number>>> = {
    init,
    client,
    renew,
    revoke,
    show,
  };
  const act = name !== undefined && Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (act === undefined) {
    const meant = nearest(name ?? "", Object.keys(acts));
    const hint = meant === undefined ? "" : `; did you mean '${meant}'?`;
    const refused = name === undefined ? "what is to be done?" : `there is no '${name}'${hint}`;
    return wrongCommandLine(pkiDescription, refused, terminal);
  }
  // What is made here is nobody else's, at no time.
  const before = process.umask(0o077);
  try {
    return await act(rest, terminal);
  } catch (thrown) {
    if (!(thrown instanceof BeaconError) && !(thrown instanceof Error && "syscall" in thrown)) throw thrown;
    terminal.errors.write(
      thrown instanceof BeaconError ? `${thrown.message}\n` : `It is as it was: ${systemText(thrown)}\n`,
    );
    return exitStatus.failed;
  } finally {
    process.umask(before);
  }
}

async function init(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(pkiInitDescription, args);
  if ("refused" in parsed) return wrongCommandLine(pkiInitDescription, parsed.refused, terminal);
  const { domain, ssid, key = "ec", days = usualDays, json } = parsed.options;
  if (domain === undefined) return wrongCommandLine(pkiInitDescription, "--domain NAME is missing", terminal);
  if (ssid === undefined) return wrongCommandLine(pkiInitDescription, "--ssid NAME is missing", terminal);
  const { organization = domain } = parsed.options;
  const isSsid = ssid !== "" && Buffer.byteLength(ssid) <= 32 && !/\p{Cc}/u.test(ssid);
  const refused =
    complaintOfDomain(domain) ??
    complaintOfOrganization(organization) ??
    (isSsid ? undefined : "an SSID has 1 to 32 octets, here without control characters");
  if (refused !== undefined) return wrongCommandLine(pkiInitDescription, refused, terminal);
  const folder = resolve(parsed.rest[0] ?? defaultPkiDirectory);
  const settings: PkiSettings = { domain, ssid, organization, key };
  create(folder, settings, days);
  const [server] = entries(folder);
  if (json) {
    const until = endOf(folder);
    terminal.output.write(line({ kind: "authority", name: organization, until, directory: folder }));
    terminal.output.write(
      line({ kind: "server", name: domain, serial: server?.serial, until: server?.until, directory: folder }),
    );
    return exitStatus.done;
  }
  terminal.output.write(`${folder} has an authority and a certificate for ${domain}, until ${shownDay(server?.until)}.
  ${folder}/network.conf   lines for hostapd.conf
  ${folder}/users          who may join
  ${folder}/ca.key         whoever has this can make certificates: keep it, and a copy elsewhere
Next: beacon pki client NAME${folder === defaultPkiDirectory ? "" : ` --dir ${folder}`}
`);
  return exitStatus.done;
}

/** All of it, or nothing. */
function create(folder: string, settings: PkiSettings, days: number): void {
  const present = contentsOf(folder);
  if (present !== undefined && present.length > 0)
    throw new ConfigurationError(`'${folder}' is there already, and is not overwritten`);
  const parent = dirname(folder);
  if (contentsOf(parent) === undefined && contentsOf(dirname(parent)) !== undefined) mkdirSync(parent, { mode: 0o755 });
  const making = `${folder}.making-${process.pid}`;
  try {
    mkdirSync(making, { mode: 0o700 });
    createAuthority(making, settings);
    writeServer(making, settings, days);
    const authoritySha1 = fingerprintOf(making);
    for (const [name, text] of [
      ["network.conf", networkConf(settings, folder)],
      ["users", usersText],
      ["profiles/windows-peap.xml", windowsPeap({ settings, authoritySha1 })],
      ["profiles/wpa_supplicant-peap.conf", wpaSupplicantPeapConf(settings)],
    ] as const)
      createSecretFile(join(making, name), text);
    if (present !== undefined) rmdirSync(folder);
    renameSync(making, folder);
  } catch (thrown) {
    rmSync(making, { recursive: true, force: true });
    throw thrown;
  }
}

function contentsOf(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder);
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return undefined;
    throw new ConfigurationError(`'${folder}' can't be used: ${systemText(thrown)}`);
  }
}

/** Key and certificate in one file, so that they change together. */
function writeServer(folder: string, settings: PkiSettings, days: number): void {
  const { key, certificate } = issue(folder, settings, "server", settings.domain, days);
  writeSecretFile(join(folder, "server.pem"), certificate + key);
}

async function client(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(pkiClientDescription, args);
  if ("refused" in parsed) return wrongCommandLine(pkiClientDescription, parsed.refused, terminal);
  const { dir = defaultPkiDirectory, days = usualDays, json, ...options } = parsed.options;
  const [name = ""] = parsed.rest;
  const refused = complaintOfClient(name);
  if (refused !== undefined) return wrongCommandLine(pkiClientDescription, refused, terminal);
  const folder = resolve(dir);
  const settings = readSettings(folder);
  const passphrase = await passphraseOf(options["passphrase-file"], terminal);
  const where = withLock(folder, () => {
    if (contentsOf(join(folder, "clients", name)) !== undefined)
      throw new ConfigurationError(
        `${name} has a certificate already: beacon pki renew ${name} makes another one, beacon pki revoke ${name} ends it`,
      );
    return makeClient(folder, settings, name, days, passphrase.text);
  });
  sayClient(folder, name, where, passphrase, json, terminal);
  return exitStatus.done;
}

interface Passphrase {
  readonly text: string;
  readonly isMadeUp: boolean;
}

async function passphraseOf(file: string | undefined, terminal: Terminal): Promise<Passphrase> {
  if (file === undefined)
    return { text: [4, 4, 4, 4, 4].map((count) => randomLetters(systemEntropy, count)).join("-"), isMadeUp: true };
  const text = file === "-" ? await lineOf(terminal) : firstLineOf(file);
  if (text === undefined || !/^[\x20-\x7e]{8,63}$/.test(text))
    throw new ConfigurationError("the passphrase of a .p12 file has 8 to 63 letters, digits and signs of ASCII");
  return { text, isMadeUp: false };
}

/** @returns its folder */
function makeClient(folder: string, settings: PkiSettings, name: string, days: number, passphrase: string): string {
  const where = join(folder, "clients", name);
  const making = join(folder, "clients", `.making-${process.pid}`);
  const made = issue(folder, settings, "client", name, days);
  try {
    mkdirSync(making, { mode: 0o700 });
    const put = (file: string, contents: Uint8Array | string): void => createSecretFile(join(making, file), contents);
    put("client.key", made.key);
    put("client.pem", made.certificate);
    put("ca.pem", readFileSync(join(folder, "ca.pem")));
    put("ca.crt", readFileSync(join(folder, "profiles", "ca.crt")));
    // 3DES and SHA-1 are what older systems of Apple, Microsoft and Google read; what keeps the key is the passphrase.
    opensslIn(making)(
      [
        ...["pkcs12", "-export", "-inkey", "client.key", "-in", "client.pem", "-certfile", "ca.pem", "-name", name],
        ...["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
        ...["-passout", "stdin", "-out", `./${name}.p12`],
      ],
      `${passphrase}\n`,
    );
    const profile: ClientProfile = {
      settings,
      name,
      authority: Uint8Array.from(readFileSync(join(folder, "profiles", "ca.crt"))),
      authoritySha1: fingerprintOf(folder),
      pkcs12: Uint8Array.from(readFileSync(join(making, `${name}.p12`))),
      uuids: [systemEntropy.bytes(16), systemEntropy.bytes(16), systemEntropy.bytes(16), systemEntropy.bytes(16)],
    };
    put(`${name}.mobileconfig`, mobileconfig(profile));
    put("windows-eap-tls.xml", windowsEapTls(profile));
    put("wpa_supplicant.conf", wpaSupplicantConf(profile));
    put(`${name}.nmconnection`, networkManagerConnection(profile));
    put("README.txt", androidText(profile));
    renameSync(making, where);
    return where;
  } catch (thrown) {
    rmSync(making, { recursive: true, force: true });
    throw thrown;
  }
}

const fingerprintOf = (folder: string): string =>
  (opensslIn(folder)(["x509", "-in", "ca.pem", "-noout", "-fingerprint", "-sha1"]).split("=")[1] ?? "")
    .trim()
    .replaceAll(":", "");

/** The authority's own. */
const endOf = (folder: string): Date =>
  new Date((opensslIn(folder)(["x509", "-in", "ca.pem", "-noout", "-enddate"]).split("=")[1] ?? "").trim());

function sayClient(
  folder: string,
  name: string,
  where: string,
  { text, isMadeUp }: Passphrase,
  json: boolean,
  { output }: Terminal,
): void {
  const entry = entries(folder).findLast((each) => each.usage === "client" && each.name === name);
  if (json) {
    const { serial, until } = entry ?? {};
    output.write(
      line({ kind: "client", name, serial, until, directory: where, passphrase: isMadeUp ? text : undefined }),
    );
    return;
  }
  output.write(
    `${where} has what ${name}'s devices want, until ${shownDay(entry?.until)}: README.txt says how to use it.\n`,
  );
  if (isMadeUp) output.write(`Passphrase of ${name}.p12 and ${name}.mobileconfig, kept nowhere: ${text}\n`);
}

async function renew(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(pkiRenewDescription, args);
  if ("refused" in parsed) return wrongCommandLine(pkiRenewDescription, parsed.refused, terminal);
  const { dir = defaultPkiDirectory, days = usualDays, json, ...options } = parsed.options;
  const [name] = parsed.rest;
  const folder = resolve(dir);
  const settings = readSettings(folder);
  if (name === undefined) {
    withLock(folder, () => {
      const before = entries(folder).findLast(({ usage }) => usage === "server");
      const old = readFileSync(join(folder, "server.pem"));
      writeSecretFile(join(folder, "old", `server-${before?.serial ?? "unknown"}.pem`), old);
      writeServer(folder, settings, days);
    });
    const now = entries(folder).findLast(({ usage }) => usage === "server");
    terminal.output.write(
      json
        ? line({ kind: "server", name: settings.domain, serial: now?.serial, until: now?.until, directory: folder })
        : `The server's certificate for ${settings.domain} is new, until ${shownDay(now?.until)}. 'beacon reload' has the server take it.\n`,
    );
    return exitStatus.done;
  }
  const passphrase = await passphraseOf(options["passphrase-file"], terminal);
  const where = withLock(folder, () => {
    setAside(folder, name);
    try {
      return makeClient(folder, settings, name, days, passphrase.text);
    } catch (thrown) {
      putBack(folder, name);
      throw thrown;
    }
  });
  sayClient(folder, name, where, passphrase, json, terminal);
  return exitStatus.done;
}

/** Keys are not overwritten: what was there goes to old/NAME-SERIAL. */
function setAside(folder: string, name: string): void {
  const where = join(folder, "clients", name);
  if (complaintOfClient(name) !== undefined || contentsOf(where) === undefined)
    throw new ConfigurationError(unknown(folder, name));
  renameSync(where, join(folder, "old", `${name}-${latestOf(folder, name)}`));
}

const latestOf = (folder: string, name: string): string =>
  entries(folder).findLast((entry) => entry.usage === "client" && entry.name === name)?.serial ?? "unknown";

function putBack(folder: string, name: string): void {
  const [old] = readdirSync(join(folder, "old"))
    .filter((each) => each.startsWith(`${name}-`))
    .slice(-1);
  if (old !== undefined) renameSync(join(folder, "old", old), join(folder, "clients", name));
}

function unknown(folder: string, name: string): string {
  const names = entries(folder).flatMap((entry) => (entry.usage === "client" && !entry.isRevoked ? [entry.name] : []));
  const meant = nearest(name, names);
  return `${name} has no certificate here${meant === undefined ? "" : `; did you mean '${meant}'?`}`;
}

async function revoke(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(pkiRevokeDescription, args);
  if ("refused" in parsed) return wrongCommandLine(pkiRevokeDescription, parsed.refused, terminal);
  const { dir = defaultPkiDirectory, json } = parsed.options;
  const [name = ""] = parsed.rest;
  const folder = resolve(dir);
  readSettings(folder);
  const serials = withLock(folder, () => {
    const latest = latestOf(folder, name);
    const revoked = revokeIn(folder, name);
    if (revoked.length === 0) throw new ConfigurationError(unknown(folder, name));
    const where = join(folder, "clients", name);
    if (contentsOf(where) !== undefined) renameSync(where, join(folder, "old", `${name}-${latest}`));
    return revoked;
  });
  if (json) for (const serial of serials) terminal.output.write(line({ name, serial }));
  else
    terminal.output.write(
      `${name}: ${serials.length} certificate${serials.length === 1 ? "" : "s"} revoked. The server refuses ${serials.length === 1 ? "it" : "them"} within five minutes, or at once after 'beacon reload'.\n`,
    );
  return exitStatus.done;
}

/** Days before its end at which a server's certificate is to be renewed. */
const soon = 30;

async function show(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(pkiShowDescription, args);
  if ("refused" in parsed) return wrongCommandLine(pkiShowDescription, parsed.refused, terminal);
  const { dir = defaultPkiDirectory, json } = parsed.options;
  const folder = resolve(dir);
  const settings = readSettings(folder);
  const now = Date.now();
  const rows = [
    {
      kind: "authority" as const,
      name: settings.organization,
      serial: undefined,
      until: endOf(folder),
      isRevoked: false,
    },
    ...entries(folder).map(({ usage, ...entry }) => ({ kind: usage, ...entry })),
  ].map(({ isRevoked, ...row }) => {
    const days = Math.floor((row.until.getTime() - now) / 86_400_000);
    const state = isRevoked ? "revoked" : days < 0 ? "expired" : "valid";
    return { ...row, state, days } as const;
  });
  const paint = paintFor(terminal.output, process.env);
  for (const row of rows) terminal.output.write(json ? line(row) : shownRow(row, paint));
  const server = rows.findLast(({ kind }) => kind === "server");
  const holds = server !== undefined && server.days >= soon;
  if (!holds) terminal.errors.write("The server's certificate ends soon, or has ended: beacon pki renew\n");
  return holds ? exitStatus.done : exitStatus.failed;
}

interface Row {
  readonly kind: string;
  readonly name: string;
  readonly serial: string | undefined;
  readonly until: Date;
  readonly state: "valid" | "expired" | "revoked";
  readonly days: number;
}

function shownRow({ kind, name, serial = "", until, state, days }: Row, paint: Paint): string {
  const left = state === "valid" ? `${days} days left` : "";
  const shown = paint(state === "valid" ? (days < soon ? "bad" : "good") : "quiet", state.padEnd(8));
  return `${shown} ${kind.padEnd(10)} ${name.padEnd(24)} ${shownDay(until)} ${left.padEnd(15)} ${serial}`
    .trimEnd()
    .concat("\n");
}

const shownDay = (time: Date | undefined): string => time?.toISOString().slice(0, 10) ?? "?";

const line = (shape: object): string => `${JSON.stringify(shape)}\n`;
