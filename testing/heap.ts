/** What a program holds, from a heap snapshot of V8. */

export interface Heap {
  /** Octets of the program's own objects. */
  readonly bytes: number;
  /** Octets that the engine has of the program, more the longer it runs: compiled code, feedback, hidden classes. */
  readonly engineBytes: number;
  /** How many objects there are of each class. */
  readonly objects: ReadonlyMap<string, number>;
}

const machinery = new Set(["code", "hidden", "object shape"]);

interface Snapshot {
  readonly snapshot: { readonly meta: { readonly node_fields: readonly string[]; readonly node_types: [string[]] } };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

/** @returns undefined while the file is not whole yet */
export function parseSnapshot(text: string): Heap | undefined {
  if (!text.trimEnd().endsWith("]}")) return undefined;
  const { snapshot, nodes, strings } = JSON.parse(text) as Snapshot;
  const fields = snapshot.meta.node_fields;
  const [type, name, size] = ["type", "name", "self_size"].map((field) => fields.indexOf(field)) as [
    number,
    number,
    number,
  ];
  const types = snapshot.meta.node_types[0];
  const objects = new Map<string, number>();
  let bytes = 0;
  let engineBytes = 0;
  for (let at = 0; at < nodes.length; at += fields.length) {
    const of = types[nodes[at + type] ?? 0] ?? "";
    if (machinery.has(of)) {
      engineBytes += nodes[at + size] ?? 0;
      continue;
    }
    bytes += nodes[at + size] ?? 0;
    if (of !== "object") continue;
    const kind = strings[nodes[at + name] ?? 0] ?? "";
    objects.set(kind, (objects.get(kind) ?? 0) + 1);
  }
  return { bytes, engineBytes, objects };
}
