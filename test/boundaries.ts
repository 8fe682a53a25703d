/** Which file may import which, and which may ask for time, chance or the system: what keeps the layers layers. */

/** From the ground up. Folders of one layer don't import each other. */
const layers: readonly (readonly string[])[] = [
  ["base"],
  ["wire"],
  ["crypto"],
  ["config", "linux"],
  ["driver", "auth", "rsn", "dot1x", "eap", "radius"],
  ["ap"],
  ["control", "gateway", "observe", "virtual"],
  ["daemon"],
  ["cli"],
];

/** Paths below src that may be imported by a folder which otherwise may not: contracts between neighbours. */
const contracts: Readonly<Record<string, readonly string[]>> = {
  // A RADIUS server authenticates with the same methods.
  radius: ["eap/contract.ts"],
  // All share one road of typed events.
  control: ["observe/"],
  gateway: ["observe/"],
};

/** The only parts of a lower layer that a folder may know. */
const narrowed: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  // An access point asks a radio through the port, whatever is behind it.
  ap: { driver: /^driver\/port\.ts$/ },
};

/** Where the system may be asked directly: through `node:` modules and koffi. */
const systemic = /^(linux|daemon|cli)\/|^crypto\/backend\/|^observe\/server\//;

/** Packages beside koffi, and where they may be used. */
const packages: readonly { readonly name: RegExp; readonly where: RegExp }[] = [
  { name: /^@noble\/curves\//, where: /^crypto\/backend\// },
  { name: /^qr$/, where: /^cli\// },
];

/** Where time and chance come from; everybody else is given them. */
const timely = /^(base|linux|daemon|cli)\//;
const timers = /(?<![\w.$])(setTimeout|setInterval|setImmediate|Date\.now|new Date|performance\.now|Math\.random)\b/;

/** What is wrong with a source file, in words; nothing if nothing is. `path` is below src: `rsn/port.ts`. */
export function boundaryProblems(path: string, source: string): string[] {
  const code = withoutComments(source);
  const problems = importsOf(code).flatMap((specifier) => importProblem(path, specifier) ?? []);
  const timer = timers.exec(withoutStrings(code))?.[1];
  if (timer !== undefined && !timely.test(path)) {
    problems.push(`${path} uses ${timer}; clock and entropy are given to it (base/clock.ts, base/entropy.ts)`);
  }
  return problems;
}

/** Specifiers of static imports, re-exports and dynamic imports. */
export function importsOf(code: string): string[] {
  const found = code.matchAll(/(?<!["'`])\b(?:from|import)\s*\(?\s*["'`]([^"'`]+)["'`]/g);
  return [...found].map(([, specifier = ""]) => specifier);
}

function importProblem(path: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) {
    if (packages.some(({ name, where }) => name.test(specifier) && where.test(path))) return undefined;
    if (specifier !== "koffi" && !specifier.startsWith("node:")) return `${path} imports the package ${specifier}`;
    return systemic.test(path) ? undefined : `${path} imports ${specifier}; linux/ is there for that`;
  }
  const target = resolve(path, specifier);
  if (target === undefined) return `${path} imports ${specifier}, which is not in src`;
  const [from, to] = [folder(path), folder(target)];
  if (from === to) return undefined;
  const [fromLayer, toLayer] = [layerOf(from), layerOf(to)];
  if (fromLayer < 0) return `${path} is in no layer`;
  if (toLayer < 0) return `${path} imports ${target}, which is in no layer`;
  if (contracts[from]?.some((contract) => target.startsWith(contract))) return undefined;
  if (toLayer > fromLayer) return `${path} imports ${target} from a layer above`;
  if (toLayer === fromLayer) return `${path} imports ${target} from the same layer`;
  const allowed = narrowed[from]?.[to];
  if (allowed !== undefined && !allowed.test(target))
    return `${path} imports ${target}, of ${to} only ${allowed.source}`;
  return undefined;
}

const folder = (path: string): string => path.split("/", 1)[0] ?? "";
const layerOf = (name: string): number => layers.findIndex((layer) => layer.includes(name));

/** A path below src, or `undefined` when it leads out of it. */
function resolve(path: string, specifier: string): string | undefined {
  const parts = path.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}

/** Strings are recognised, so that `"http://"` begins no comment. */
const withoutComments = (source: string): string =>
  source.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (_, text?: string) => text ?? " ",
  );

const withoutStrings = (code: string): string => code.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""');
