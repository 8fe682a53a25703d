/** Options by the names that ISC's dhcpd gives them, with what their values are made of. RFC 2132 and those that came after. */

export type OptionField =
  | "address"
  | "address6"
  | "flag"
  | "u8"
  | "u16"
  | "u32"
  | "i8"
  | "i16"
  | "i32"
  /** Characters, without a zero at the end. */
  | "text"
  /** Octets, as text in quotes or as hexadecimal numbers. */
  | "octets"
  /** Labels as in RFC 1035, section 3.1. */
  | "domain"
  /** Several names, with repeated ends left out. RFC 3397. */
  | "domains";

export interface OptionFormat {
  /** In their order on the wire. */
  readonly fields: readonly OptionField[];
  /** Index of the field from which on all may come again and again; undefined where nothing repeats. */
  readonly repeatsFrom: number | undefined;
}

export interface OptionDefinition {
  readonly name: string;
  readonly code: number;
  readonly format: OptionFormat;
}

const one = (...fields: readonly OptionField[]): OptionFormat => ({ fields, repeatsFrom: undefined });
const several = (...fields: readonly OptionField[]): OptionFormat => ({ fields, repeatsFrom: 0 });

const addresses = several("address");
const address = one("address");
const flag = one("flag");
const u8 = one("u8");
const u16 = one("u16");
const u32 = one("u32");
const text = one("text");
const octets = one("octets");

const table: Readonly<Record<string, readonly [code: number, format: OptionFormat]>> = {
  "subnet-mask": [1, address],
  "time-offset": [2, one("i32")],
  routers: [3, addresses],
  "time-servers": [4, addresses],
  "ien116-name-servers": [5, addresses],
  "domain-name-servers": [6, addresses],
  "log-servers": [7, addresses],
  "cookie-servers": [8, addresses],
  "lpr-servers": [9, addresses],
  "impress-servers": [10, addresses],
  "resource-location-servers": [11, addresses],
  "host-name": [12, text],
  "boot-size": [13, u16],
  "merit-dump": [14, text],
  "domain-name": [15, text],
  "swap-server": [16, address],
  "root-path": [17, text],
  "extensions-path": [18, text],
  "ip-forwarding": [19, flag],
  "non-local-source-routing": [20, flag],
  "policy-filter": [21, several("address", "address")],
  "max-dgram-reassembly": [22, u16],
  "default-ip-ttl": [23, u8],
  "path-mtu-aging-timeout": [24, u32],
  "path-mtu-plateau-table": [25, several("u16")],
  "interface-mtu": [26, u16],
  "all-subnets-local": [27, flag],
  "broadcast-address": [28, address],
  "perform-mask-discovery": [29, flag],
  "mask-supplier": [30, flag],
  "router-discovery": [31, flag],
  "router-solicitation-address": [32, address],
  "static-routes": [33, several("address", "address")],
  "trailer-encapsulation": [34, flag],
  "arp-cache-timeout": [35, u32],
  "ieee802-3-encapsulation": [36, flag],
  "default-tcp-ttl": [37, u8],
  "tcp-keepalive-interval": [38, u32],
  "tcp-keepalive-garbage": [39, flag],
  "nis-domain": [40, text],
  "nis-servers": [41, addresses],
  "ntp-servers": [42, addresses],
  "vendor-encapsulated-options": [43, octets],
  "netbios-name-servers": [44, addresses],
  "netbios-dd-server": [45, addresses],
  "netbios-node-type": [46, u8],
  "netbios-scope": [47, text],
  "font-servers": [48, addresses],
  "x-display-manager": [49, addresses],
  "dhcp-requested-address": [50, address],
  "dhcp-lease-time": [51, u32],
  "dhcp-option-overload": [52, u8],
  "dhcp-message-type": [53, u8],
  "dhcp-server-identifier": [54, address],
  "dhcp-parameter-request-list": [55, several("u8")],
  "dhcp-message": [56, text],
  "dhcp-max-message-size": [57, u16],
  "dhcp-renewal-time": [58, u32],
  "dhcp-rebinding-time": [59, u32],
  "vendor-class-identifier": [60, octets],
  "dhcp-client-identifier": [61, octets],
  "nwip-domain": [62, octets],
  "nwip-suboptions": [63, octets],
  "nisplus-domain": [64, text],
  "nisplus-servers": [65, addresses],
  "tftp-server-name": [66, text],
  "bootfile-name": [67, text],
  "mobile-ip-home-agent": [68, addresses],
  "smtp-server": [69, addresses],
  "pop-server": [70, addresses],
  "nntp-server": [71, addresses],
  "www-server": [72, addresses],
  "finger-server": [73, addresses],
  "irc-server": [74, addresses],
  "streettalk-server": [75, addresses],
  "streettalk-directory-assistance-server": [76, addresses],
  "user-class": [77, octets],
  "slp-directory-agent": [78, { fields: ["flag", "address"], repeatsFrom: 1 }],
  "slp-service-scope": [79, one("flag", "text")],
  "relay-agent-information": [82, octets],
  "nds-servers": [85, addresses],
  "nds-tree-name": [86, octets],
  "nds-context": [87, octets],
  "bcms-controller-names": [88, one("domains")],
  "bcms-controller-address": [89, addresses],
  "client-last-transaction-time": [91, u32],
  "associated-ip": [92, addresses],
  "pxe-system-type": [93, several("u16")],
  "pxe-interface-id": [94, one("u8", "u8", "u8")],
  "pxe-client-id": [97, one("u8", "octets")],
  "uap-servers": [98, text],
  "geoconf-civic": [99, octets],
  pcode: [100, text],
  tcode: [101, text],
  "v6-only-preferred": [108, u32],
  "netinfo-server-address": [112, addresses],
  "netinfo-server-tag": [113, text],
  "default-url": [114, octets],
  "auto-config": [116, u8],
  "name-service-search": [117, several("u16")],
  "subnet-selection": [118, address],
  "domain-search": [119, one("domains")],
  vivco: [124, octets],
  vivso: [125, octets],
  "v4-lost": [137, one("domain")],
  "capwap-ac-v4": [138, addresses],
  "sip-ua-cs-domains": [141, one("domains")],
  "rdnss-selection": [146, one("u8", "address", "address", "domain")],
  "tftp-server-address": [150, addresses],
  "loader-configfile": [209, text],
  "loader-pathprefix": [210, text],
  "loader-reboottime": [211, u32],
  "option-6rd": [212, { fields: ["u8", "u8", "address6", "address"], repeatsFrom: 3 }],
  "v4-access-domain": [213, one("domain")],
};

export const optionsByName: ReadonlyMap<string, OptionDefinition> = new Map(
  Object.entries(table).map(([name, [code, format]]) => [name, { name, code, format }]),
);

export const optionsByCode: ReadonlyMap<number, OptionDefinition> = new Map(
  [...optionsByName.values()].map((definition) => [definition.code, definition]),
);
