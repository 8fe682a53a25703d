import assert from "node:assert/strict";
import { test } from "node:test";
import { complaintsOf } from "./kernel-log.ts";

// Linux 6.12's forms: kernel/panic.c, kernel/locking/lockdep.c, kernel/hung_task.c, net/core/dev.c.
const warning = `[    0.450000] ------------[ cut here ]------------
[    0.450000] WARNING: CPU: 0 PID: 31 at net/mac80211/sta_info.c:1358 __sta_info_destroy_part2+0x55/0x1a0
[    0.450000] CPU: 0 UID: 0 PID: 31 Comm: node Not tainted 6.12.90 #1
[    0.450000] Stack:
[    0.450000]  60447d02 606d2b20 00000009
[    0.450000] ---[ end trace 0000000000000000 ]---`;
const quiet = `[    0.450000] mac80211_hwsim hwsim0 wlan0: left promiscuous mode
[    0.450000] br0: port 1(wlan0) entered disabled state
[    0.460000] workqueue: WARNINGS are off
[    0.470000] random: crng init done, INFO: nothing`;

test("a log without reports", () => {
  assert.deepEqual(complaintsOf(quiet), []);
  assert.deepEqual(complaintsOf(""), []);
});

test("each report by itself, to its end", () => {
  const found = complaintsOf(`${quiet}\n${warning}\n${quiet}\n${warning}\n`);
  assert.equal(found.length, 2);
  for (const report of found) {
    assert.match(report, /^\[ +0\.450000\] WARNING: CPU: 0.*sta_info\.c:1358/);
    assert.match(report, /end trace 0000000000000000 \]---$/);
  }
});

test("one that doesn't say where it ends, also at the end of the log", () => {
  const endless = `[ 1.0] BUG: sleeping function called from invalid context at kernel/locking/mutex.c:585\n${"[ 1.0] x\n".repeat(100)}`;
  const [report = ""] = complaintsOf(endless);
  assert.equal(report.split("\n").length, 60);
  assert.equal(complaintsOf("[ 1.0] BUG: kernel NULL pointer dereference").length, 1);
});

for (const line of [
  "WARNING: possible circular locking dependency detected",
  "WARNING: suspicious RCU usage",
  "INFO: possible recursive locking detected",
  "INFO: task kworker/u2:1:24 blocked for more than 122 seconds.",
  "INFO: rcu_sched self-detected stall on CPU",
  "BUG: KASAN: slab-use-after-free in ieee80211_rx",
  "UBSAN: array-index-out-of-bounds in net/wireless/scan.c:1",
  "refcount_t: underflow; use-after-free.",
  "unregister_netdevice: waiting for wlan0 to become free. Usage count = 2",
  "Kernel panic - not syncing: Attempted to kill init!",
  "Out of memory: Killed process 33 (node)",
]) {
  test(line, () => assert.equal(complaintsOf(`${quiet}\n[    0.480000] ${line}\n`).length, 1));
}
