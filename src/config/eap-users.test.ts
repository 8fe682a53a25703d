import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { hexOf, textOf, utf8 } from "../base/bytes.ts";
import { eapTypeName } from "../wire/eap/types.ts";
import { type EapUserSource, eapUserFileKind, parseEapUsers } from "./eap-users.ts";
import { isRefused } from "./kinds.ts";
import { describe } from "./problem.ts";

/** After the example that comes with hostapd 2.10 (/usr/share/doc/hostapd/examples/hostapd.eap_user.gz on Debian 12). */
const example = `# comment
"user"		MD5	"password"
"example user"	TLS
"DOMAIN\\user"	MSCHAPV2	"pass # word"
"pax.user@example.com"	PAX	0123456789abcdef0123456789abcdef
"ttls"		TTLS
"not anonymous"	PEAP
"peap 0"	PEAP [ver=0]
"peap 1"	PEAP	[ver=1]
"0"*		AKA,TTLS,TLS,PEAP,SIM
"6"*		AKA'

*		PEAP,TTLS,TLS,SIM,AKA

"t-md5"		MD5	"password"	[2]
"user"		MD5,GTC,MSCHAPV2	"other"	[2]
"test user"	MSCHAPV2	hash:000102030405060708090a0b0c0d0e0f	[2]
"ttls-user"	TTLS-PAP,TTLS-CHAP,TTLS-MSCHAP,TTLS-MSCHAPV2,GTC	"password"	[2]
radius_accept_attr=126:s:Operator
radius_accept_attr=27:d:3600
radius_accept_attr=25:x:0aff
radius_accept_attr=89
"0"*		AKA	[2]
"no secret"	TLS	[2]
"pwd"		PWD	ssha256:${"ab".repeat(32)}0102	[2]
`;

const found = (text: string, identity: string, phase: 1 | 2) => {
  const { users, problems } = parseEapUsers(utf8(text), "users");
  assert.deepEqual(problems.map(describe), []);
  return users.find(utf8(identity), phase);
};

const methods = (identity: string, phase: 1 | 2): string | undefined =>
  found(example, identity, phase)?.methods.map(eapTypeName).join();

test("the example of hostapd: who has which methods, in which phase", () => {
  assert.equal(methods("user", 1), "MD5");
  assert.equal(methods("user", 2), "MD5,GTC,MSCHAPV2");
  assert.equal(methods("DOMAIN\\user", 1), "MSCHAPV2");
  assert.equal(methods("DOMAIN\\user", 2), undefined);
  assert.equal(methods("t-md5", 1), "PEAP,TTLS,TLS,SIM,AKA");
  assert.equal(methods("t-md5", 2), "MD5");
  assert.equal(methods("0123", 1), "AKA,TTLS,TLS,PEAP,SIM");
  assert.equal(methods("0", 2), "AKA");
  assert.equal(methods("6", 1), "AKA'");
  assert.equal(methods("", 1), "PEAP,TTLS,TLS,SIM,AKA");
  assert.equal(methods("", 2), undefined);
});

test("secrets, versions, attributes", () => {
  const text = (identity: string, phase: 1 | 2) => {
    const credential = found(example, identity, phase)?.credential;
    return credential?.kind === "password" ? textOf(credential.password) : credential;
  };
  assert.equal(text("user", 1), "password");
  assert.equal(text("user", 2), "other");
  assert.equal(text("DOMAIN\\user", 1), "pass # word");
  assert.equal(text("example user", 1), undefined);
  assert.equal(text("no secret", 2), undefined);
  const pax = found(example, "pax.user@example.com", 1)?.credential;
  assert.ok(pax?.kind === "password");
  assert.equal(hexOf(pax.password), "0123456789abcdef0123456789abcdef");
  const hashed = found(example, "test user", 2)?.credential;
  assert.ok(hashed?.kind === "nt-hash");
  assert.equal(hexOf(hashed.hash), "000102030405060708090a0b0c0d0e0f");
  const salted = found(example, "pwd", 2)?.credential;
  assert.ok(salted?.kind === "salted" && salted.prep === "sha256");
  assert.deepEqual([hexOf(salted.hash), hexOf(salted.salt)], ["ab".repeat(32), "0102"]);

  assert.equal(found(example, "peap 0", 1)?.peapVersion, 0);
  assert.equal(found(example, "peap 1", 1)?.peapVersion, 1);
  assert.equal(found(example, "not anonymous", 1)?.peapVersion, undefined);

  const ttls = found(example, "ttls-user", 2);
  assert.deepEqual(ttls?.ttls, ["PAP", "CHAP", "MSCHAP", "MSCHAPV2"]);
  assert.deepEqual(
    ttls?.attributes.map(({ type, value }) => [type, hexOf(value)]),
    [
      [126, hexOf(utf8("Operator"))],
      [27, "00000e10"],
      [25, "0aff"],
      [89, "00"],
    ],
  );
  assert.deepEqual(found(example, "user", 1)?.attributes, []);
});

test("a station's address that comes in without EAP", () => {
  const user = found('"02:00:00:00:00:01" MACACL "02:00:00:00:00:01"', "02:00:00:00:00:01", 1);
  assert.equal(user?.macAcl, true);
  assert.deepEqual(user?.methods, []);
});

test("the first entry that fits is the one, as in hostapd", () => {
  const order = (text: string, identity: string, phase: 1 | 2 = 1) =>
    parseEapUsers(utf8(text), "users").users.find(utf8(identity), phase)?.methods.map(eapTypeName).join();
  assert.equal(order('"ab" MD5 "x"\n"a"* TLS\n* PEAP', "ab"), "MD5");
  assert.equal(order('"a"* TLS\n"ab" MD5 "x"\n* PEAP', "ab"), "TLS");
  assert.equal(order('* PEAP\n"a"* TLS\n"ab" MD5 "x"', "ab"), "PEAP");
  assert.equal(order('"abc"* SIM\n"a"* TLS\n"ab"* AKA', "abcd"), "SIM");
  assert.equal(order('"abc"* SIM\n"a"* TLS\n"ab"* AKA', "abd"), "TLS");
  assert.equal(order('""* SIM', "whoever"), "SIM");
  assert.equal(order('""* SIM [2]', "whoever", 2), "SIM");
  // hostapd's * is for phase 1 whatever its flag says.
  assert.equal(order("* TLS [2]", "whoever", 1), "TLS");
  assert.equal(order("* TLS [2]", "whoever", 2), undefined);
  assert.equal(order("* TLS [2]", "", 2), "TLS");
});

test("whoever is never found is told of", () => {
  const hidden = (text: string): string[] => {
    const { problems } = parseEapUsers(utf8(text), "users");
    return problems.map(({ severity, line, message }) => `${severity} ${line} ${message}`);
  };
  assert.deepEqual(hidden('# x\n"a" MD5 "x"\n\n"a" TLS\n"a" TLS [2]'), [
    "warning 4 nobody is ever found here: line 2 comes first",
  ]);
  assert.deepEqual(hidden('* PEAP\n"a" MD5 "x"'), ["warning 2 nobody is ever found here: line 1 comes first"]);
  assert.deepEqual(hidden('"a"* PEAP\n"ab" MD5 "x"\n"ab"* TLS\n"ab" MD5 "x" [2]'), [
    "warning 2 nobody is ever found here: line 1 comes first",
    "warning 3 nobody is ever found here: line 1 comes first",
  ]);
  assert.deepEqual(hidden('"a" PEAP\n"a"* TLS\n* PEAP'), []);
});

test("every wrong line is found, where it is wrong, in hostapd's words too, and no secret is told", () => {
  const secret = "hunter2";
  const wrong: readonly [line: string, column: number, said: RegExp, hostapd: string, fix?: string][] = [
    ["user MD5", 1, /in quotation marks/, 'Invalid EAP identity (no " in start)'],
    [' "user" MD5', 1, /in quotation marks/, 'Invalid EAP identity (no " in start)'],
    ['"user MD5', 1, /closing/, 'Invalid EAP identity (no " in end)'],
    ['"user"', 7, /method is missing/, "No EAP method"],
    ['"user"  \t', 10, /method is missing/, "No EAP method"],
    ["*", 2, /method is missing/, "No EAP method"],
    ['"user" MD4', 8, /no EAP method/, "Unsupported EAP type 'MD4'", "MD5"],
    ['"user" MD5,mschapv2', 12, /no EAP method/, "Unsupported EAP type 'mschapv2'", "MSCHAPV2"],
    ['"user" TTLS-PAX', 8, /no EAP method/, "Unsupported EAP type 'TTLS-PAX'", "TTLS-PAP"],
    ['"user" TLS\r', 8, /carriage return/, "Unsupported EAP type 'TLS\\x0d'", "TLS"],
    ['"user" ,', 8, /no method is named/, "No EAP types configured"],
    [`"user" MD5 "${secret}`, 12, /closing/, 'Invalid EAP password (no " in end)'],
    ['"user" MSCHAPV2 hash:00', 17, /32 hexadecimal/, "Invalid password hash"],
    [`"user" MSCHAPV2 hash:${"xy".repeat(16)}`, 17, /32 hexadecimal/, "Invalid password hash"],
    [`"user" PWD ssha1:${"ab".repeat(20)}`, 12, /40 hexadecimal/, "Invalid salted sha1 hash"],
    [`"user" PWD ssha512:${"ab".repeat(40)}`, 12, /128 hexadecimal/, "Invalid salted sha512 hash"],
    [`"user" MD5 ${secret}`, 12, /quotation marks/, "Invalid hex password"],
    ['"user" MD5 123', 12, /quotation marks/, "Invalid hex password"],
    ['"user" MD5 [3]', 12, /quotation marks/, "Invalid hex password"],
  ];
  const file = [...wrong.map(([line]) => line), '"fine" TLS'].join("\n");
  const { users, problems } = parseEapUsers(utf8(file), "users");
  const errors = problems.filter(({ severity }) => severity === "error");
  assert.deepEqual(
    errors.map(({ line, column, hostapd, fix }) => ({ line, column, hostapd, fix })),
    wrong.map(([, column, , hostapd, fix], i) => ({
      line: i + 1,
      column,
      hostapd: `${hostapd} on line ${i + 1} in 'users'`,
      fix,
    })),
  );
  for (const [i, [line, , said]] of wrong.entries()) assert.match(errors[i]?.message ?? "", said, line);
  assert.ok(users.find(utf8("fine"), 1));
  assert.doesNotMatch(problems.map(describe).join("\n"), new RegExp(secret));
});

test("attributes that are wrong, and one that belongs to nobody", () => {
  const wrong = ["x", "0", "256", "25:", "25:s", "25:q:1", "25:x:1", "25:x:zz", `25:s:${"x".repeat(254)}`];
  const lines = ["radius_accept_attr=25", '"user" TLS', ...wrong.map((text) => `radius_accept_attr=${text}`)];
  const { problems } = parseEapUsers(utf8(lines.join("\n")), "users");
  assert.deepEqual(
    problems.map(({ line, column }) => [line, column]),
    [[1, 1], ...wrong.map((_, i) => [i + 3, 20])],
  );
  assert.equal(problems[1]?.hostapd, "Invalid radius_accept_attr: x");
});

test("what hostapd leaves out without a word is warned of", () => {
  const lines = [
    '"a" MD5 "x" [2] and more',
    '"b" MD5,,GTC "x"',
    '"c" PEAP "x" and',
    '"d" TLS # why',
    '"e" TLS [ver=1] "x"',
  ];
  lines.push(`"f" ${["MD5", "GTC", "TLS", "TTLS", "PEAP", "SIM", "AKA", "PAX", "PSK"].join()} "x"`);
  const { users, problems } = parseEapUsers(utf8(lines.join("\n")), "users");
  assert.deepEqual(
    problems.map(({ severity, line, column }) => [severity, line, column]),
    [
      ["warning", 1, 16],
      ["warning", 2, 9],
      ["warning", 3, 14],
      ["warning", 5, 16],
      ["warning", 6, 39],
    ],
  );
  assert.equal(users.find(utf8("b"), 1)?.methods.length, 1);
  assert.equal(users.find(utf8("d"), 1)?.credential, undefined);
  assert.equal(users.find(utf8("f"), 1)?.methods.length, 8);
});

test("octets of any kind are an identity", () => {
  const line = Uint8Array.of(...utf8('"'), 0xc3, 0x28, 0xff, ...utf8('" TLS'));
  const { users, problems } = parseEapUsers(line, "users");
  assert.deepEqual(problems, []);
  assert.ok(users.find(Uint8Array.of(0xc3, 0x28, 0xff), 1));
  assert.equal(users.find(Uint8Array.of(0xc3, 0x28), 1), undefined);
});

test("100,000 users are read, and found no slower than ten", () => {
  const many = 100_000;
  const lines = Array.from({ length: many }, (_, i) => `"user${i}@example.com"\tPEAP,TTLS\t"password${i}"\t[2]`);
  const contents = utf8(`* PEAP\n${lines.join("\n")}\n`);
  // Of this process alone: others may have the processor.
  const start = process.cpuUsage();
  const { users, problems } = parseEapUsers(contents, "users");
  const { user, system } = process.cpuUsage(start);
  assert.deepEqual(problems, []);
  assert.equal(users.length, many + 1);
  assert.ok(user + system < 2_000_000, `${user + system} microseconds`);
  const last = users.find(utf8(`user${many - 1}@example.com`), 2)?.credential;
  assert.ok(last?.kind === "password");
  assert.equal(textOf(last.password), `password${many - 1}`);
  const began = process.cpuUsage();
  for (let i = 0; i < 10_000; i++) users.find(utf8(`user${i}@example.com`), 2);
  assert.ok(process.cpuUsage(began).user < 500_000);
});

test("the key: a file, a database, and both", () => {
  const files = (path: string): Uint8Array => {
    if (path !== "users") throw new Error(`no ${path}`);
    return utf8('"user" TLS');
  };
  const parse = (text: string, previous?: EapUserSource): EapUserSource => {
    const parsed = eapUserFileKind.parse(text, { files, previous });
    assert.ok(!isRefused(parsed));
    return parsed.value;
  };
  const file = parse("users");
  assert.ok(file.users?.find(utf8("user"), 1));
  assert.equal(eapUserFileKind.format(file), "users");
  const both = parse("sqlite:/var/lib/users.db", file);
  assert.equal(both.database, "/var/lib/users.db");
  assert.equal(both.users, file.users);
  assert.equal(eapUserFileKind.format(both), "sqlite:/var/lib/users.db");
  const twice = eapUserFileKind.parse("users", { files, previous: both });
  assert.ok(!isRefused(twice) && twice.value.database === both.database);
  assert.match(twice.warning ?? "", /takes the place of 'users'/);
  const missing = eapUserFileKind.parse("nowhere", { files, previous: undefined });
  assert.ok(isRefused(missing));
  assert.equal(missing.hostapd, "EAP user file 'nowhere' not found.");
});

test("a table that nobody has any more leaves no password behind; who has a credential of it has it", async (t) => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  let wiped = 0;
  const { fill } = Uint8Array.prototype;
  t.mock.method(Uint8Array.prototype, "fill", function (this: Uint8Array, ...how: Parameters<Uint8Array["fill"]>) {
    if (textOf(this).includes("a password of hers")) wiped += 1;
    return fill.apply(this, how);
  });
  const collected = async (isEnough: () => boolean): Promise<void> => {
    for (let i = 0; i < 100 && !isEnough(); i++) {
      collect();
      await new Promise(setImmediate);
    }
  };
  const find = (): unknown =>
    parseEapUsers(utf8('"anna" MD5 "a password of hers"'), "users").users.find(utf8("anna"), 1)?.credential;
  // In functions of their own: nothing of them is left on the stack.
  const holder: { credential: unknown } = { credential: find() };
  let rounds = 0;
  await collected(() => ++rounds > 10);
  assert.equal(wiped, 0);
  (() => assert.deepEqual(holder.credential, { kind: "password", password: utf8("a password of hers") }))();
  holder.credential = undefined;
  await collected(() => wiped > 0);
  assert.equal(wiped, 1);
});
