import { dirname, join } from "node:path";

/** A thread's module: beside this one, or where all modules are one file, beside that. @param name without ending */
export function workerEntry(name: string): string | URL {
  const module: string | undefined = import.meta.url;
  return module === undefined ? join(dirname(process.argv[1] ?? ""), `${name}.cjs`) : new URL(`./${name}.js`, module);
}
