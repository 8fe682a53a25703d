/** Sees every array of octets that is made while it watches, and every one that is overwritten; says afterwards what is left of secrets. */

import type { EapMethod, MethodStep } from "../src/eap/method.ts";

export interface Remnant {
  /** What it still holds, in hexadecimal. */
  readonly octets: string;
  /** The secret in it. */
  readonly secret: string;
  /** Where it was made, the innermost first: `kdf at src/eap/methods/pax.js:155`. */
  readonly made: readonly string[];
}

/** Shorter ones are found by chance, and so are small numbers in long fields. */
const shortestSecret = 16;
const isTelling = (octets: Uint8Array): boolean =>
  octets.length >= shortestSecret && octets.reduce((count, octet) => count + Math.sign(octet), 0) >= shortestSecret / 2;

const hex = (octets: Uint8Array): string =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString("hex");
const isBlank = (octets: Uint8Array): boolean => octets.every((octet) => octet === 0);

export class OctetWitness {
  readonly #original = globalThis.Uint8Array;
  readonly #methods = { ...methodsOf(globalThis.Uint8Array.prototype) };
  readonly #seen: { readonly octets: Uint8Array; readonly stack: string }[] = [];
  /** In hexadecimal. What is overwritten with zeros is a secret: somebody has said so. */
  readonly secrets = new Set<string>();

  /** Views of others' memory are no arrays of their own. */
  start(): void {
    const { slice, map, fill } = this.#methods;
    const note = this.#note.bind(this);
    const { secrets } = this;
    Object.assign(this.#original.prototype, {
      slice(this: Uint8Array, ...where: [number?, number?]) {
        return note(slice.apply(this, where));
      },
      map(this: Uint8Array, ...how: Parameters<Uint8Array["map"]>) {
        return note(map.apply(this, how));
      },
      fill(this: Uint8Array, ...how: Parameters<Uint8Array["fill"]>) {
        // What the server says in a tunnel is overwritten too: there is a secret in it where it was made of one.
        const isSecret = how.length === 1 && how[0] === 0 && isTelling(this) && !isSaid(new Error().stack ?? "");
        if (isSecret) secrets.add(hex(this));
        return fill.apply(this, how);
      },
    });
    globalThis.Uint8Array = new Proxy(this.#original, {
      construct: (target, arguments_) => {
        const made: Uint8Array = Reflect.construct(target, arguments_);
        return ArrayBuffer.isView(arguments_[0]) || typeof arguments_[0] === "number" ? note(made) : made;
      },
      get: (target, name) => {
        const value = Reflect.get(target, name, target) as unknown;
        if (name !== "from" && name !== "of") return value;
        return (...arguments_: unknown[]) =>
          note((value as (...of: unknown[]) => Uint8Array).apply(target, arguments_));
      },
    });
  }

  stop(): void {
    globalThis.Uint8Array = this.#original;
    Object.assign(this.#original.prototype, this.#methods);
  }

  /** @param secrets of this run, and of others that had the same @returns what holds one of them still */
  remnants(secrets: ReadonlySet<string> = this.secrets): Remnant[] {
    const known = [...secrets];
    return this.#seen.flatMap(({ octets, stack }) => {
      if (octets.length < shortestSecret || isBlank(octets) || isOfTests(stack)) return [];
      const text = hex(octets);
      const secret = known.find((one) => one.length <= text.length && text.includes(one));
      return secret === undefined ? [] : [{ octets: text, secret, made: callersIn(stack) }];
    });
  }

  #note(octets: Uint8Array): Uint8Array {
    this.#seen.push({ octets, stack: new Error().stack ?? "" });
    return octets;
  }
}

const isSaid = (stack: string): boolean => /TlsChannel\.seal/.test(stack);

/** A peer in the same process has keys, too. */
function isOfTests(stack: string): boolean {
  const [, ...frames] = stack.split("\n");
  const innermost = frames.find(
    (frame) => /\/(src|test|testing)\//.test(frame) && !/octet-witness|src\/base\/|src\/wire\//.test(frame),
  );
  return innermost !== undefined && /\/testing\/|\.test\.js/.test(innermost);
}

const methodsOf = ({ slice, map, fill }: Uint8Array) => ({ slice, map, fill });

const callersIn = (stack: string): string[] =>
  [...stack.matchAll(/at (?:async )?(?:new )?(?:(\S+) \()?file:\/\/\S*?\/((?:src|test)\/[^:]+:\d+)/g)].map(
    ([, name = "", place = ""]) => `${name} at ${place}`,
  );

/** Octets in plain objects and lists, by the name of their property. @param without names that are passed over */
export function* octetsIn(
  value: unknown,
  without: ReadonlySet<string>,
  name = "",
): Generator<{ readonly name: string; readonly octets: Uint8Array }> {
  if (value instanceof Uint8Array) yield { name, octets: value };
  else if (Array.isArray(value)) for (const part of value) yield* octetsIn(part, without, name);
  else if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, part] of Object.entries(value)) if (!without.has(key)) yield* octetsIn(part, without, key);
  }
}

/** Notes in `states` what was ever in the method's states. @param without names of what is no secret */
export function observed(
  method: EapMethod<unknown>,
  states: Map<string, Uint8Array>,
  without: ReadonlySet<string>,
): EapMethod<unknown> {
  let steps = 0;
  const note = (step: MethodStep<unknown>): MethodStep<unknown> => {
    steps += 1;
    if (step.kind !== "request") return step;
    for (const { name, octets } of octetsIn(step.state, without)) states.set(`${name}, of step ${steps}`, octets);
    return step;
  };
  return {
    ...method,
    begin: async (call) => note(await method.begin(call)),
    respond: async (call, state, data) => note(await method.respond(call, state, data)),
    forget: (state) => method.forget(state),
  };
}
