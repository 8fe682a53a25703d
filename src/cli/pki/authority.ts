/** The authority: a folder with openssl's own files, in which certificates are made and revoked. */

import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, messageOf } from "../../base/errors.ts";
import { systemText, writeSecretFile } from "../secret-file.ts";
import { opensslIn } from "./openssl.ts";
import { type PkiSettings, settingsFile, settingsText } from "./settings.ts";

export type Usage = "server" | "client";

/** PEM. */
export interface Made {
  readonly key: string;
  readonly certificate: string;
}

/** A line of openssl's index. */
export interface Entry {
  readonly usage: Usage;
  readonly name: string;
  readonly serial: string;
  readonly until: Date;
  readonly isRevoked: boolean;
}

const day = 86_400_000;
const authorityDays = 3650;
/** Clocks of devices may be behind. */
const earlier = day;

const keyArguments: Readonly<Record<PkiSettings["key"], readonly string[]>> = {
  ec: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
  rsa: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
};

/** Names in it are relative, so that the folder may be moved. */
const caConfiguration = `[ca]
default_ca = here
[here]
database = index.txt
new_certs_dir = issued
certificate = ca.pem
private_key = ca.key
rand_serial = yes
crlnumber = crlnumber
default_md = sha256
default_crl_days = ${authorityDays}
unique_subject = no
preserve = yes
utf8 = yes
policy = names
[names]
organizationName = optional
organizationalUnitName = optional
commonName = supplied
`;

/** Quotation marks of openssl's configuration; names have none of what means something inside them. */
const request = (settings: PkiSettings, unit: string, name: string, extensions = ""): string => `[req]
prompt = no
utf8 = yes
string_mask = utf8only
distinguished_name = names
${extensions === "" ? "" : "x509_extensions = extensions\n"}[names]
O = "${settings.organization}"
OU = "${unit}"
CN = "${name}"
${extensions === "" ? "" : `[extensions]\n${extensions}`}`;

const units: Readonly<Record<Usage, string>> = { server: "Server", client: "Client" };

/** Makes one in an empty folder. @throws ConfigurationError */
export function createAuthority(folder: string, settings: PkiSettings): void {
  const openssl = opensslIn(folder);
  for (const inner of ["issued", "clients", "old", "profiles"]) mkdirSync(join(folder, inner), { mode: 0o700 });
  for (const [name, text] of [
    [settingsFile, settingsText(settings)],
    ["openssl.cnf", caConfiguration],
    ["index.txt", ""],
    ["crlnumber", "01\n"],
  ] as const)
    writeSecretFile(join(folder, name), text);
  const name = `${settings.organization} Wi-Fi CA`.slice(0, 64);
  const extensions = `basicConstraints = critical,CA:true,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
`;
  openssl(["genpkey", ...keyArguments[settings.key], "-out", "ca.key"]);
  writeSecretFile(join(folder, "request.cnf"), request(settings, "Authority", name, extensions));
  openssl([
    ...["req", "-x509", "-new", "-config", "request.cnf", "-key", "ca.key", "-sha256"],
    ...["-days", String(authorityDays), "-out", "ca.pem"],
  ]);
  openssl(["x509", "-in", "ca.pem", "-outform", "DER", "-out", join("profiles", "ca.crt")]);
  rmSync(join(folder, "request.cnf"));
  writeRevocationList(folder);
}

/** A key of its own and a certificate for it. @throws ConfigurationError */
export function issue(folder: string, settings: PkiSettings, usage: Usage, name: string, days: number): Made {
  const work = join(folder, `work-${process.pid}`);
  mkdirSync(work, { mode: 0o700 });
  try {
    const openssl = opensslIn(folder);
    const at = (file: string): string => join(`work-${process.pid}`, file);
    openssl(["genpkey", ...keyArguments[settings.key], "-out", at("key")]);
    writeFileSync(join(work, "request.cnf"), request(settings, units[usage], name));
    openssl(["req", "-new", "-config", at("request.cnf"), "-key", at("key"), "-out", at("request")]);
    writeFileSync(join(work, "extensions"), extensionsFor(usage, settings, name));
    const now = Date.now();
    openssl([
      ...["ca", "-config", "openssl.cnf", "-batch", "-notext", "-in", at("request"), "-extfile", at("extensions")],
      ...["-startdate", opensslTime(now - earlier), "-enddate", opensslTime(now - earlier + (days + 1) * day)],
      ...["-out", at("certificate")],
    ]);
    return {
      key: readFileSync(join(work, "key"), "utf8"),
      certificate: readFileSync(join(work, "certificate"), "utf8"),
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function extensionsFor(usage: Usage, settings: PkiSettings, name: string): string {
  const keyUsage = settings.key === "rsa" ? "digitalSignature,keyEncipherment" : "digitalSignature";
  const isAddress = /^[\x21-\x7e]+@[\x21-\x7e]+$/.test(name);
  const names = usage === "server" ? `DNS:${name}` : isAddress ? `email:${name}` : undefined;
  return [
    "basicConstraints = critical,CA:false",
    `keyUsage = critical,${keyUsage}`,
    `extendedKeyUsage = ${usage === "server" ? "serverAuth" : "clientAuth"}`,
    "subjectKeyIdentifier = hash",
    "authorityKeyIdentifier = keyid",
    ...(names === undefined ? [] : [`subjectAltName = ${names}`]),
    "",
  ].join("\n");
}

const opensslTime = (time: number): string => `${new Date(time).toISOString().replaceAll(/[-:T]|\.\d+Z/g, "")}Z`;

/** The list, and what the server reads: the authority with it. */
function writeRevocationList(folder: string): void {
  const list = opensslIn(folder)(["ca", "-config", "openssl.cnf", "-gencrl"]);
  writeSecretFile(join(folder, "crl.pem"), list);
  writeSecretFile(join(folder, "trust.pem"), readFileSync(join(folder, "ca.pem"), "utf8") + list);
}

/** @returns the serial numbers of the certificates that were revoked; none where all were already */
export function revoke(folder: string, name: string): readonly string[] {
  const valid = entries(folder).filter((entry) => entry.usage === "client" && entry.name === name && !entry.isRevoked);
  const openssl = opensslIn(folder);
  for (const { serial } of valid)
    openssl([
      "ca",
      "-config",
      "openssl.cnf",
      "-revoke",
      join("issued", `${serial}.pem`),
      "-crl_reason",
      "cessationOfOperation",
    ]);
  writeRevocationList(folder);
  return valid.map(({ serial }) => serial);
}

/** What was ever made, in that order. */
export function entries(folder: string): readonly Entry[] {
  let text: string;
  try {
    text = readFileSync(join(folder, "index.txt"), "utf8");
  } catch (thrown) {
    throw new ConfigurationError(`the list of certificates can't be read: ${messageOf(thrown)}`);
  }
  return text.split("\n").flatMap((line): readonly Entry[] => {
    // As ca(1) writes it: state, end, when it was revoked, serial number, file, subject.
    const [state, end = "", , serial = "", , subject = ""] = line.split("\t");
    const usage = (["server", "client"] as const).find((each) => subject.includes(`/OU=${units[each]}/`));
    const name = /\/CN=(.*)$/.exec(subject)?.[1];
    if (usage === undefined || name === undefined || state === undefined) return [];
    return [{ usage, name: unescaped(name), serial, until: timeOf(end), isRevoked: state === "R" }];
  });
}

/** The index has octets above ASCII as `\xC3`. */
const unescaped = (text: string): string =>
  Buffer.from(
    text.replaceAll(/\\x([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    "latin1",
  ).toString("utf8");

/** UTCTime or GeneralizedTime. */
function timeOf(text: string): Date {
  const [, year = "", rest = ""] = /^(\d{2}|\d{4})(\d{10})Z$/.exec(text) ?? [];
  const [month, date, hour, minute, second] = rest.match(/\d\d/g)?.map(Number) ?? [];
  const full = year.length === 2 ? 2000 + Number(year) : Number(year);
  return new Date(Date.UTC(full, (month ?? 1) - 1, date, hour, minute, second));
}

/** Two at once would spoil the index. @throws ConfigurationError where somebody else is at it */
export function withLock<T>(folder: string, act: () => T): T {
  const lock = join(folder, "lock");
  let file: number;
  try {
    file = openSync(lock, "wx", 0o600);
  } catch (thrown) {
    const isThere = thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST";
    if (!isThere) throw new ConfigurationError(`'${folder}' can't be written: ${systemText(thrown)}`);
    const owner = Number(readFileSync(lock, "utf8"));
    if (isAlive(owner))
      throw new ConfigurationError(`process ${owner} is at work in '${folder}': try again when it is done`);
    rmSync(lock, { force: true });
    return withLock(folder, act);
  }
  try {
    writeSync(file, String(process.pid));
    return act();
  } finally {
    closeSync(file);
    rmSync(lock, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid > 0;
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}
