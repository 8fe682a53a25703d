import type { TestContext } from "node:test";

const pending = new WeakMap<TestContext, (() => Promise<void>)[]>();

/** What is to be done when the test is over, last things first; `t.after` alone would take the first ones first. */
export function cleanup(t: TestContext, action: () => Promise<void>): void {
  const known = pending.get(t);
  if (known !== undefined) {
    known.push(action);
    return;
  }
  const actions = [action];
  pending.set(t, actions);
  t.after(async () => {
    const errors: unknown[] = [];
    for (let next = actions.pop(); next !== undefined; next = actions.pop()) {
      await next().catch((error: unknown) => errors.push(error));
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, errors.map(String).join("\n"));
  });
}
