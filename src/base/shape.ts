/** What a value that came from outside as JSON has to look like, and the type that it has then. */

/** @throws ShapeError where the value is another one */
export type Shape<T> = (value: unknown, path: string) => T;

export type Shaped<S> = S extends Shape<infer T> ? T : never;

/** What came is not what it should be: `stations[3].address: a text is missing`. */
export class ShapeError extends Error {}

const fail = (path: string, expected: string): never => {
  throw new ShapeError(`${path === "" ? "the answer" : path}: ${expected} is missing`);
};

export const text: Shape<string> = (value, path) => (typeof value === "string" ? value : fail(path, "a text"));

export const count: Shape<number> = (value, path) =>
  typeof value === "number" && Number.isFinite(value) ? value : fail(path, "a number");

export const truth: Shape<boolean> = (value, path) =>
  typeof value === "boolean" ? value : fail(path, "true or false");

export const oneOf =
  <const T extends string>(...words: readonly T[]): Shape<T> =>
  (value, path) =>
    words.find((word) => word === value) ?? fail(path, `one of ${words.join(", ")}`);

/** A text that something makes a value of, or not. */
export const parsed =
  <T>(parse: (text: string) => T | undefined, what: string): Shape<T> =>
  (value, path) =>
    (typeof value === "string" ? parse(value) : undefined) ?? fail(path, what);

export const list =
  <T>(of: Shape<T>): Shape<readonly T[]> =>
  (value, path) =>
    Array.isArray(value) ? value.map((each: unknown, i) => of(each, `${path}[${i}]`)) : fail(path, "a list");

/** Absent, or null. */
export const maybe =
  <T>(of: Shape<T>): Shape<T | undefined> =>
  (value, path) =>
    value === undefined || value === null ? undefined : of(value, path);

type Fields = Readonly<Record<string, Shape<unknown>>>;

export type Of<F extends Fields> = { readonly [K in keyof F]: Shaped<F[K]> };

/** What else it has is left out. */
export const object =
  <const F extends Fields>(fields: F): Shape<Of<F>> =>
  (value, path) => {
    if (!isRecord(value)) return fail(path, "an object");
    const prefix = path === "" ? "" : `${path}.`;
    const entries = Object.entries(fields).map(([name, of]) => [name, of(own(value, name), `${prefix}${name}`)]);
    return Object.fromEntries(entries.filter(([, each]) => each !== undefined)) as Of<F>;
  };

/** @throws ShapeError also where it is no JSON */
export function fromJson<T>(shape: Shape<T>, json: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ShapeError("the answer is no JSON");
  }
  return shape(value, "");
}

const own = (value: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(value, name) ? value[name] : undefined;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
