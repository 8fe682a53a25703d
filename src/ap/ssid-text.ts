/** An SSID as hostapd's log shows it: octets that are no printable ASCII escaped. */
export const printable = (ssid: Uint8Array): string =>
  Array.from(ssid, (octet) => {
    if (octet === 0x22) return '\\"';
    if (octet === 0x5c) return "\\\\";
    if (octet === 0x1b) return "\\e";
    if (octet === 0x0a) return "\\n";
    if (octet === 0x0d) return "\\r";
    if (octet === 0x09) return "\\t";
    return octet >= 32 && octet <= 126 ? String.fromCharCode(octet) : `\\x${octet.toString(16).padStart(2, "0")}`;
  }).join("");
