/**
 * What a phone's camera reads to join a network: a URI of the scheme WIFI. WPA3 Specification 3.3, section 7, in the manner of
 * ZXing's "Barcode Contents", which is what cameras know:
 *
 * - `\ ; , : "` are escaped by a backslash. The specification would have `;` as `%3B`; Android and iOS decode no percent signs.
 * - What could be taken for hexadecimal digits is not put in quotation marks, as ZXing once asked for: iOS, and Android since
 *   15, take the marks for part of the name or password.
 */

export type Joining =
  /** Open, or Opportunistic Wireless Encryption: a station sees which. */
  | { readonly type: "nopass" }
  | { readonly type: "WEP"; readonly password: string }
  | {
      /** WPA2 and WPA3 with a password. */
      readonly type: "WPA";
      readonly password: string;
      /** Transition Disable, as the access point tells it; 1: WPA3 only. 0 is left out. */
      readonly transitionDisable: number;
      readonly passwordIdentifier: string | undefined;
      /** SAE-PK: the access point's public key, SubjectPublicKeyInfo with a compressed point. */
      readonly publicKey: Uint8Array | undefined;
    }
  /** WPA3 only, in the way of Android before 12, which the specification doesn't know. */
  | { readonly type: "SAE"; readonly password: string };

export type WifiNetwork = Joining & {
  readonly ssid: string;
  /** It has to be asked for by its name. */
  readonly isHidden: boolean;
};

export function wifiUri(network: WifiNetwork): string {
  const { type, ssid, isHidden } = network;
  const fields = [`T:${type}`];
  if (type === "WPA" && network.transitionDisable > 0) fields.push(`R:${network.transitionDisable.toString(16)}`);
  fields.push(`S:${escaped(ssid)}`);
  if (isHidden) fields.push("H:true");
  if (type === "WPA" && network.passwordIdentifier !== undefined)
    fields.push(`I:${escaped(network.passwordIdentifier)}`);
  if (type !== "nopass") fields.push(`P:${escaped(network.password)}`);
  if (type === "WPA" && network.publicKey !== undefined)
    fields.push(`K:${Buffer.from(network.publicKey).toString("base64")}`);
  return `WIFI:${fields.join(";")};;`;
}

const escaped = (text: string): string => text.replace(/[\\;,:"]/g, "\\$&");
