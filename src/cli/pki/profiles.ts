/** What devices want to know of a network with certificates, each kind in its own words. Pure. */

import type { PkiSettings } from "./settings.ts";

export interface ClientProfile {
  readonly settings: PkiSettings;
  readonly name: string;
  /** DER. */
  readonly authority: Uint8Array;
  /** Hexadecimal digits, as Windows names it. */
  readonly authoritySha1: string;
  readonly pkcs12: Uint8Array;
  /** 16 octets each, for the parts of an Apple profile. */
  readonly uuids: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
}

/** An SSID as hostapd.conf and wpa_supplicant.conf take it, whatever is in it. */
const isPlain = (text: string): boolean =>
  /^[\x21\x23-\x5b\x5d-\x7e]([\x20\x21\x24-\x5b\x5d-\x7e]*[\x21\x24-\x5b\x5d-\x7e])?$/.test(text);
const hexOf = (text: string): string => Buffer.from(text, "utf8").toString("hex");

/** Lines for hostapd.conf. @param folder where the authority is */
export const networkConf = (
  { ssid }: PkiSettings,
  folder: string,
): string => `# Lines for hostapd.conf, behind the radio's own.
${isPlain(ssid) && !ssid.includes("#") ? `ssid=${ssid}` : `ssid2=${hexOf(ssid)}`}
wpa=2
wpa_key_mgmt=WPA-EAP WPA-EAP-SHA256
rsn_pairwise=CCMP
ieee80211w=1
ieee8021x=1
eap_server=1
eap_user_file=${folder}/users
ca_cert=${folder}/trust.pem
server_cert=${folder}/server.pem
private_key=${folder}/server.pem
check_crl=1
crl_reload_interval=300
tls_flags=[ENABLE-TLSv1.3]
`;

export const usersText = `# Who may join. Whoever has a certificate of this authority:
* TLS
# Passwords too: PEAP and TTLS behind TLS above (* TLS,PEAP,TTLS), and a line like this for each:
# "anna" MSCHAPV2 "her password" [2]
`;

/** Quoted strings of wpa_supplicant.conf take everything but quotation marks at the end; what is not ASCII goes as octets. */
const quoted = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) && !text.includes('"') ? `"${text}"` : hexOf(text);

export const wpaSupplicantConf = ({
  settings,
  name,
}: ClientProfile): string => `# For wpa_supplicant.conf. The three files lie beside this one; where they go to, their paths have to say.
network={
	ssid=${quoted(settings.ssid)}
	key_mgmt=WPA-EAP WPA-EAP-SHA256
	ieee80211w=1
	eap=TLS
	identity=${quoted(name)}
	ca_cert="ca.pem"
	domain_match="${settings.domain}"
	client_cert="client.pem"
	private_key="client.key"
}
`;

export const wpaSupplicantPeapConf = ({
  ssid,
  domain,
}: PkiSettings): string => `# For wpa_supplicant.conf, where users have passwords.
network={
	ssid=${quoted(ssid)}
	key_mgmt=WPA-EAP WPA-EAP-SHA256
	ieee80211w=1
	eap=PEAP
	identity="anna"
	anonymous_identity="anonymous"
	ca_cert="ca.crt"
	domain_match="${domain}"
	phase2="auth=MSCHAPV2"
}
`;

/** NetworkManager's keyfile: for /etc/NetworkManager/system-connections, mode 0600. */
export const networkManagerConnection = ({
  settings,
  name,
  uuids,
}: ClientProfile): string => `# For /etc/NetworkManager/system-connections, of root's and mode 0600; the files go to /etc/ssl/wifi, or say where else.
[connection]
id=${keyfileText(settings.ssid)}
uuid=${uuidText(uuids[3])}
type=wifi

[wifi]
ssid=${keyfileSsid(settings.ssid)}

[wifi-security]
key-mgmt=wpa-eap

[802-1x]
eap=tls;
identity=${keyfileText(name)}
ca-cert=/etc/ssl/wifi/ca.pem
domain-match=${settings.domain}
client-cert=/etc/ssl/wifi/client.pem
private-key=/etc/ssl/wifi/client.key
private-key-password-flags=4
`;

const keyfileText = (text: string): string =>
  text.replaceAll("\\", "\\\\").replace(/^ | $/g, "\\s").replaceAll("\t", "\\t");

/** A name is text or a list of octets; one that could be taken for a list goes as one. */
const keyfileSsid = (ssid: string): string =>
  /^[\w][\w .-]*$/.test(ssid) && !/^\d+$/.test(ssid) && !ssid.endsWith(" ")
    ? ssid
    : `${[...Buffer.from(ssid, "utf8")].join(";")};`;

export const androidText = ({ settings, name }: ClientProfile): string => `${settings.ssid}: how to join

Android: copy "${name}.p12" and "ca.crt" to the device. Settings > Security > Encryption and credentials >
Install a certificate > Wi-Fi certificate: install both, "${name}.p12" with its passphrase. Then, at the network:

  EAP method           TLS
  CA certificate       the one installed from ca.crt
  Online status        don't verify
  Domain               ${settings.domain}
  User certificate     the one installed from ${name}.p12
  Identity             ${name}

iPhone, iPad, Mac: open "${name}.mobileconfig"; it asks for the passphrase.

Windows: open "${name}.p12" and install it for the current user, then
  certutil -user -addstore Root ca.crt
  netsh wlan add profile filename=windows-eap-tls.xml user=current

Linux: wpa_supplicant.conf has a network block for wpa_supplicant, "${name}.nmconnection" is for NetworkManager.
client.key has no passphrase: keep it to yourself.

Whoever asks to trust another certificate than that of ${settings.domain} is not this network: say no.
`;

const xml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Version 4. RFC 9562. */
function uuidText(octets: Uint8Array): string {
  const own = Uint8Array.from(octets);
  own[6] = ((own[6] ?? 0) & 0x0f) | 0x40;
  own[8] = ((own[8] ?? 0) & 0x3f) | 0x80;
  return Buffer.from(own)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const base64Lines = (octets: Uint8Array): string =>
  Buffer.from(octets)
    .toString("base64")
    .replaceAll(/(.{64})/g, "$1\n");

/** A configuration profile. Apple's Device Management, payloads WiFi, CertificateRoot and CertificatePKCS12. */
export function mobileconfig({ settings, name, authority, pkcs12, uuids }: ClientProfile): string {
  const { ssid, domain, organization } = settings;
  const [profile, root, identity, wifi] = uuids.map((each) => uuidText(each).toUpperCase());
  const identifier = `${domain.split(".").reverse().join(".")}.wifi`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>PayloadType</key><string>Configuration</string>
	<key>PayloadVersion</key><integer>1</integer>
	<key>PayloadIdentifier</key><string>${xml(identifier)}</string>
	<key>PayloadUUID</key><string>${profile}</string>
	<key>PayloadDisplayName</key><string>${xml(ssid)}</string>
	<key>PayloadOrganization</key><string>${xml(organization)}</string>
	<key>PayloadContent</key>
	<array>
		<dict>
			<key>PayloadType</key><string>com.apple.security.root</string>
			<key>PayloadVersion</key><integer>1</integer>
			<key>PayloadIdentifier</key><string>${xml(identifier)}.root</string>
			<key>PayloadUUID</key><string>${root}</string>
			<key>PayloadDisplayName</key><string>${xml(organization)} Wi-Fi CA</string>
			<key>PayloadCertificateFileName</key><string>ca.crt</string>
			<key>PayloadContent</key>
			<data>
${base64Lines(authority)}
			</data>
		</dict>
		<dict>
			<key>PayloadType</key><string>com.apple.security.pkcs12</string>
			<key>PayloadVersion</key><integer>1</integer>
			<key>PayloadIdentifier</key><string>${xml(identifier)}.identity</string>
			<key>PayloadUUID</key><string>${identity}</string>
			<key>PayloadDisplayName</key><string>${xml(name)}</string>
			<key>PayloadCertificateFileName</key><string>${xml(name)}.p12</string>
			<key>PayloadContent</key>
			<data>
${base64Lines(pkcs12)}
			</data>
		</dict>
		<dict>
			<key>PayloadType</key><string>com.apple.wifi.managed</string>
			<key>PayloadVersion</key><integer>1</integer>
			<key>PayloadIdentifier</key><string>${xml(identifier)}.network</string>
			<key>PayloadUUID</key><string>${wifi}</string>
			<key>PayloadDisplayName</key><string>${xml(ssid)}</string>
			<key>SSID_STR</key><string>${xml(ssid)}</string>
			<key>AutoJoin</key><true/>
			<key>HIDDEN_NETWORK</key><false/>
			<key>EncryptionType</key><string>WPA2</string>
			<key>PayloadCertificateUUID</key><string>${identity}</string>
			<key>EAPClientConfiguration</key>
			<dict>
				<key>AcceptEAPTypes</key><array><integer>13</integer></array>
				<key>UserName</key><string>${xml(name)}</string>
				<key>TLSMinimumVersion</key><string>1.2</string>
				<key>TLSMaximumVersion</key><string>1.3</string>
				<key>TLSTrustedServerNames</key><array><string>${xml(domain)}</string></array>
				<key>PayloadCertificateAnchorUUID</key><array><string>${root}</string></array>
			</dict>
		</dict>
	</array>
</dict>
</plist>
`;
}

const base = "http://www.microsoft.com";

/** Whichever EAP method it is: the server is checked by its name and its authority, and the user can't be talked out of that. */
const serverValidation = (domain: string, sha1: string): string =>
  `<ServerValidation><DisableUserPromptForServerValidation>true</DisableUserPromptForServerValidation><ServerNames>${xml(domain)}</ServerNames><TrustedRootCA>${sha1.toLowerCase().replaceAll(/(..)(?=.)/g, "$1 ")}</TrustedRootCA></ServerValidation>`;

function windowsProfile(ssid: string, method: number, eap: string): string {
  const common = `${base}/provisioning/EapCommon`;
  return `<?xml version="1.0"?>
<WLANProfile xmlns="${base}/networking/WLAN/profile/v1">
	<name>${xml(ssid)}</name>
	<SSIDConfig><SSID><hex>${hexOf(ssid).toUpperCase()}</hex><name>${xml(ssid)}</name></SSID></SSIDConfig>
	<connectionType>ESS</connectionType>
	<connectionMode>auto</connectionMode>
	<MSM>
		<security>
			<authEncryption>
				<authentication>WPA2</authentication>
				<encryption>AES</encryption>
				<useOneX>true</useOneX>
			</authEncryption>
			<OneX xmlns="${base}/networking/OneX/v1">
				<authMode>user</authMode>
				<EAPConfig>
					<EapHostConfig xmlns="${base}/provisioning/EapHostConfig">
						<EapMethod>
							<Type xmlns="${common}">${method}</Type>
							<VendorId xmlns="${common}">0</VendorId>
							<VendorType xmlns="${common}">0</VendorType>
							<AuthorId xmlns="${common}">0</AuthorId>
						</EapMethod>
						<Config xmlns="${base}/provisioning/EapHostConfig">
							<Eap xmlns="${base}/provisioning/BaseEapConnectionPropertiesV1">
								<Type>${method}</Type>
								${eap}
							</Eap>
						</Config>
					</EapHostConfig>
				</EAPConfig>
			</OneX>
		</security>
	</MSM>
</WLANProfile>
`;
}

/** For `netsh wlan add profile`. Microsoft's WLAN_profile, OneX and EapTlsConnectionProperties schemas. */
export function windowsEapTls({ settings, authoritySha1 }: Pick<ClientProfile, "settings" | "authoritySha1">): string {
  const second = `${base}/provisioning/EapTlsConnectionPropertiesV2`;
  return windowsProfile(
    settings.ssid,
    13,
    `<EapType xmlns="${base}/provisioning/EapTlsConnectionPropertiesV1"><CredentialsSource><CertificateStore><SimpleCertSelection>true</SimpleCertSelection></CertificateStore></CredentialsSource>${serverValidation(settings.domain, authoritySha1)}<DifferentUsername>false</DifferentUsername><PerformServerValidation xmlns="${second}">true</PerformServerValidation><AcceptServerName xmlns="${second}">true</AcceptServerName></EapType>`,
  );
}

/** PEAP with MS-CHAP-V2 inside: Windows asks for name and password. MsPeapConnectionProperties. */
export function windowsPeap({ settings, authoritySha1 }: Pick<ClientProfile, "settings" | "authoritySha1">): string {
  const second = `${base}/provisioning/MsPeapConnectionPropertiesV2`;
  const inner = `<Eap xmlns="${base}/provisioning/BaseEapConnectionPropertiesV1"><Type>26</Type><EapType xmlns="${base}/provisioning/MsChapV2ConnectionPropertiesV1"><UseWinLogonCredentials>false</UseWinLogonCredentials></EapType></Eap>`;
  return windowsProfile(
    settings.ssid,
    25,
    `<EapType xmlns="${base}/provisioning/MsPeapConnectionPropertiesV1">${serverValidation(settings.domain, authoritySha1)}<FastReconnect>true</FastReconnect><InnerEapOptional>false</InnerEapOptional>${inner}<EnableQuarantineChecks>false</EnableQuarantineChecks><RequireCryptoBinding>true</RequireCryptoBinding><PeapExtensions><PerformServerValidation xmlns="${second}">true</PerformServerValidation><AcceptServerName xmlns="${second}">true</AcceptServerName></PeapExtensions></EapType>`,
  );
}
