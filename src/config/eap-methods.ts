/** Lists of methods as eap_user files and databases write them: `PEAP,TTLS,TLS`, `TTLS-PAP`, `MACACL`. */

import { type EapType, eapTypeOfName, eapTypes } from "../wire/eap/types.ts";
import { type EapUser, ttlsAuthentications } from "./eap-user.ts";
import { nearest } from "./nearest.ts";
import { type OctetText, readable } from "./octets.ts";

export type MethodList = Pick<EapUser, "methods" | "ttls" | "macAcl">;

/** hostapd's, which leaves out what is more. */
const mostMethods = 8;

const ttlsPrefix = "TTLS-";
const otherNames = [...ttlsAuthentications.map((name) => `${ttlsPrefix}${name}`), "MACACL"];

export interface ParsedMethods {
  readonly list: MethodList;
  /** What is wrong, from where on in the text, and how many octets of it. */
  readonly problem?: {
    readonly severity: "error" | "warning";
    readonly message: string;
    readonly at: number;
    readonly length: number;
    readonly name?: string;
    readonly fix?: string;
  };
}

/** An empty name ends the list, and so does an unknown one, which is an error. */
export function parseMethods(text: OctetText): ParsedMethods {
  const methods: EapType[] = [];
  const ttls = new Set<EapUser["ttls"][number]>();
  let macAcl = false;
  let at = 0;
  let problem: ParsedMethods["problem"];
  for (const name of text.split(",")) {
    const left = text.length - at;
    if (name === "") {
      if (left > 0) {
        problem = { severity: "warning", message: "an empty name ends the list of methods", at, length: left };
      }
      break;
    }
    const type = eapTypeOfName(name);
    const inTtls = ttlsAuthentications.find((other) => name === `${ttlsPrefix}${other}`);
    if (type !== undefined && methods.length === mostMethods) {
      const message = `more than ${mostMethods} methods: from here on they are left out`;
      problem = { severity: "warning", message, at, length: left };
      break;
    }
    if (type !== undefined) methods.push(type);
    else if (inTtls !== undefined) ttls.add(inTtls);
    else if (name === "MACACL") macAcl = true;
    else {
      const fix = nearest(name.toUpperCase().trim(), [...Object.keys(eapTypes), ...otherNames]);
      const message = `'${readable(name)}' is no EAP method`;
      const hint = fix === undefined ? {} : { fix };
      problem = { severity: "error", message, at, length: name.length, name, ...hint };
      break;
    }
    at += name.length + 1;
  }
  return { list: { methods, ttls: [...ttls], macAcl }, ...(problem === undefined ? {} : { problem }) };
}
