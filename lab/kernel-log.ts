/** What a kernel's log says of troubles of the kernel itself: a test that passes in spite of them has not passed. */

/**
 * How reports begin: warnings and bugs, memory that is used wrongly, locks (where the kernel is built to watch them), tasks
 * that hang, references that are never given back.
 */
const beginning =
  /\bWARNING:|\bBUG:|\bkernel BUG at |Kernel panic|\bOops\b|general protection fault|Out of memory|\b(?:UBSAN|KASAN|KCSAN|KFENCE):|\bINFO: (?:possible|inconsistent|trying to|task|rcu)|refcount_t:|list_(?:add|del) corruption|kobject_add_internal failed|unregister_netdevice: waiting for/;
const end = /---\[ end (?:trace|Kernel panic)/;
/** Where a report doesn't say that it ends. */
const longest = 60;

/** @param log whole, as a console prints it @returns the reports in it, each as its lines */
export function complaintsOf(log: string): readonly string[] {
  const complaints: string[] = [];
  let report: string[] = [];
  const close = (): void => {
    if (report.length > 0) complaints.push(report.join("\n"));
    report = [];
  };
  for (const line of log.split("\n")) {
    if (report.length === 0 && !beginning.test(line)) continue;
    report.push(line);
    if (end.test(line) || report.length === longest) close();
  }
  close();
  return complaints;
}
