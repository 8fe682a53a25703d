import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { udpPortHolders } from "./port-holders.ts";
import { moduleParameters, radioSwitches, usbDevices, wirelessDevices } from "./wireless-devices.ts";

const root = mkdtempSync(join(tmpdir(), "sysfs-"));
after(() => rmSync(root, { recursive: true }));

function file(path: string, text = ""): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function link(path: string, target: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  mkdirSync(join(root, target), { recursive: true });
  symlinkSync(join(root, target), join(root, path));
}

// A dongle by the kernel's own driver, one by Realtek's private module, and a cable.
link("class/net/wlan0/device", "devices/usb/1-1/1-1:1.0");
link("devices/usb/1-1/1-1:1.0/driver", "bus/usb/drivers/rtl8xxxu");
link("bus/usb/drivers/rtl8xxxu/module", "module/rtl8xxxu");
file("devices/usb/1-1/idVendor", "0bda\n");
file("devices/usb/1-1/idProduct", "8178\n");
file("class/net/wlan0/phy80211/name", "phy0\n");
link("class/net/wlan1/device", "devices/usb/1-2/1-2:1.0");
link("devices/usb/1-2/1-2:1.0/driver", "bus/usb/drivers/rtl8192cu");
link("bus/usb/drivers/rtl8192cu/module", "module/8192cu");
file("class/net/wlan1/wireless/status");
file("class/net/eth0/address");
file("module/8192cu/parameters/rtw_power_mgnt", "2\n");
file("bus/usb/devices/1-3/idVendor", "0bda\n");
file("bus/usb/devices/1-3/idProduct", "8176\n");
file("bus/usb/devices/1-3/product", "802.11n WLAN Adapter\n");
file("class/rfkill/rfkill0/type", "wlan\n");
file("class/rfkill/rfkill0/soft", "1\n");
file("class/rfkill/rfkill0/hard", "0\n");
link("class/rfkill/rfkill0/device", "class/ieee80211/phy0");
file("class/rfkill/rfkill1/type", "bluetooth\n");

test("interfaces of radios: driver, module, whether through nl80211, and what they are plugged into", () => {
  assert.deepEqual(wirelessDevices(root), [
    { name: "wlan0", driver: "rtl8xxxu", module: "rtl8xxxu", phy: "phy0", usbId: "0bda:8178" },
    { name: "wlan1", driver: "rtl8192cu", module: "8192cu", phy: undefined, usbId: undefined },
  ]);
});

test("USB devices, parameters of modules, switches", () => {
  assert.deepEqual(usbDevices(root), [{ id: "0bda:8176", name: "802.11n WLAN Adapter", drivers: [] }]);
  assert.deepEqual(moduleParameters("8192cu", root), new Map([["rtw_power_mgnt", "2"]]));
  assert.equal(moduleParameters("8188eu", root), undefined);
  assert.deepEqual(radioSwitches(root), [{ phy: "phy0", soft: true, hard: false }]);
});

test("a machine without sysfs has nothing", () => {
  assert.deepEqual([wirelessDevices("/nowhere"), usbDevices("/nowhere"), radioSwitches("/nowhere")], [[], [], []]);
});

test("who has a UDP port", () => {
  file(
    "net/udp",
    `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  10: 0102A8C0:0043 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0000000000000000 0
  11: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4712 2 0000000000000000 0
`,
  );
  file("77/comm", "dhcpd\n");
  mkdirSync(join(root, "77/fd"), { recursive: true });
  symlinkSync("socket:[4711]", join(root, "77/fd/5"));
  assert.deepEqual(udpPortHolders(67, root), [{ program: "dhcpd", pid: 77, address: "192.168.2.1" }]);
  assert.deepEqual(udpPortHolders(68, root), [{ program: undefined, pid: undefined, address: "0.0.0.0" }]);
});
