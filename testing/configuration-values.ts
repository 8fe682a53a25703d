const key = "00112233445566778899aabbccddeeff".repeat(2);
const times = (count: number, item: string): string => Array(count).fill(item).join(",");

/** Of keys with a syntax of their own: values that hostapd takes, and values that it refuses. "/there" is a file, and no other is. */
export const values: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  airtime_sta_weight: [
    ["02:00:00:00:00:01 512", "02:00:00:00:00:01 1"],
    ["02:00:00:00:00:01", "02:00:00:00:00:0q 1", "02:00:00:00:00:01 0", "512", ""],
  ],
  r0kh: [
    [`02:00:00:00:03:00 nas1.w1.fi ${key}`, `02:00:00:00:03:00 nas1.w1.fi ${key.slice(32)}`],
    [
      `02:00:00:00:03:0q nas1.w1.fi ${key}`,
      `02:00:00:00:03:00 ${"n".repeat(48)} ${key}`,
      "02:00:00:00:03:00 nas1.w1.fi",
      "",
    ],
  ],
  r1kh: [
    [`02:00:00:00:03:00 02:00:00:00:03:00 ${key}`],
    [
      `02:00:00:00:04:q0 00:01:02:03:04:06 ${key}`,
      `02:00:00:00:04:00 00:01:02:03:04:q6 ${key}`,
      `02:00:00:00:04:00 00:01:02:03:04:06 q${key}`,
    ],
  ],
  roaming_consortium: [
    ["112233", "112233445566778899aabbccddeeff"],
    ["1", "12", "112233445566778899aabbccddeeff00"],
  ],
  venue_name: [
    ["eng:Example venue", 'P"eng:Example\\nvenue"', "de:", '"fin:Paikka"'],
    ['P"engExample venue"', 'P"eng:Example venue', "engExample", "e:Example", "eng1:Example", `eng:${"x".repeat(253)}`],
  ],
  venue_url: [
    ["1:https://example.com/", "2:"],
    ["https//example.com", "300:https://example.com/", `1:${"x".repeat(255)}`],
  ],
  network_auth_type: [
    ["00https://example.com/", "01"],
    ["0q", "0", ""],
  ],
  domain_name: [["example.com,another.example.com", ""], [`example.com,${"x".repeat(256)}`]],
  anqp_3gpp_cell_net: [["244,91;310,026;234,56"], ["abc", "244", "24,123", "244,1", "244,1234", ";".repeat(100)]],
  nai_realm: [
    ["0,example.com;example.net", "0,example.org,13[5:6],21[2:4][5:7]", "0,a,1[1:1][2:2][3:3][4:4]", "0,"],
    [
      "0",
      `0,${"x".repeat(256)}`,
      "0,example.org,1,2,3,4,5,6,7,8",
      "0,x,1[1:1][2:2][3:3][4:4][5:5]",
      "0,x,1[1]",
      "0,x,1[1:1",
      `0,${"a;".repeat(10)}a`,
    ],
  ],
  anqp_elem: [
    ["265:0000", "277:"],
    ["265", "265:0", "265:0q", "70000:00"],
  ],
  qos_map_set: [
    ["53,2,22,6,8,15,0,7,255,255,16,31,32,39,255,255,40,47,48,55", times(16, "1"), times(58, "1")],
    [times(60, "1"), `${times(18, "1")},255,300`, `${times(18, "1")},255,-1`, times(17, "1"), "1", "1,2"],
  ],
  hs20_conn_capab: [
    ["6:22:1", "50:0:2"],
    ["1", "6:22"],
  ],
  hs20_wan_metrics: [["01:8000:1000:80:240:3000"], ["0q:8000:1000:80:240:3000", "01", "01:8000:1000:80:240"]],
  hs20_oper_friendly_name: [["eng:Example operator"], ["eng1:Example"]],
  own_ip_addr: [
    ["127.0.0.1", "2001:db8::1"],
    ["foo", "1.2.3.256", ""],
  ],
  auth_server_port: [
    ["1812", "65535"],
    ["0", "65536", "port", "-1"],
  ],
  radius_das_port: [["0", "3799"], ["65536"]],
  radius_auth_req_attr: [
    ["126", "126:s:Operator", "77:x:74657374", "12:d:42"],
    ["123::", "126:q:x", "126:x:123", "0:s:x", "256"],
  ],
  radius_das_client: [["192.168.1.123 this is very secret"], ["192.168.1.123", "192.168.1.1a foo", "192.168.1.123 "]],
  tls_flags: [["[ALLOW-SIGN-RSA-MD5][DISABLE-TLSv1.0]", "[FOO]", ""], []],
  uuid: [["12345678-9abc-def0-1234-56789abcdef0"], ["FOO", "12345678-9abc-def0-1234-56789abcdef"]],
  device_type: [["6-0050F204-1"], ["FOO", "6-0050F2-1", "6-0050F204"]],
  wps_rf_bands: [
    ["a", "ag", "ad"],
    ["foo", ""],
  ],
  wps_nfc_dh_pubkey: [["0", "0q", "0102", ""], []],
  ap_settings: [["/there"], ["/does/not/exist"]],
  chanlist: [
    ["1 6 11-13", "36,40,100-140"],
    ["1 six", "1-"],
  ],
  freqlist: [["2412-2432,2462,5000-6000"], ["2412;2462"]],
  acs_chan_bias: [
    ["1:0.8 6:0.8 11:1", ""],
    ["1", "0:1", "1:-1", "1:0.8;6:1"],
  ],
  bss_load_test: [["12:80:20000"], ["", "12", "12:80"]],
  dpp_controller: [[`ipaddr=192.0.2.1 pkhash=${key}`], ["ipaddr=192.0.2.1", `pkhash=${key}`, `ipaddr=x pkhash=${key}`]],
  mka_cak: [
    [key.slice(32), key],
    [key.slice(16), "q".repeat(32)],
  ],
  multi_ap_backhaul_ssid: [
    ['"backhaul"', "6261636b", 'P"a\\x20b"'],
    ['""', "zz", `"${"x".repeat(33)}"`],
  ],
  wps_nfc_dev_pw_id: [
    ["16", "65535"],
    ["4", "100000"],
  ],
  time_zone: [["EST5"], ["A"]],
  mobility_domain: [["a1b2"], ["01", "a1b2c3"]],
  eap_sim_db: [
    ["unix:/tmp/hlr_auc_gw.sock", "unix:/tmp/hlr_auc_gw.sock db=/tmp/hostapd.db", "/etc/hostapd.sim_db"],
    ["unix:", "unix:/x db=", "milenage:/missing", "milenage:/there"],
  ],
};
