#!/bin/sh
# Makes the air that air.ts quotes, with Debian's hostapd and wpa_supplicant 2.10:
#   node dist/lab/run.js --radios 8 --time-travel --keep -- test/vectors/capture.sh
# leaves air.pcap and the programs' logs (with keys) in the results folder. Nonces and group keys differ in each run.

ap() { # NAME, then the configuration on standard input
  { printf 'driver=nl80211\nctrl_interface=/run/hostapd\n' && cat; } >"/run/$1.conf"
  hostapd -B -dd -K -t -f "/run/lab/hostapd-$1.log" "/run/$1.conf"
}

station() { # INTERFACE, then the network block on standard input
  { printf 'ctrl_interface=/run/wpas\nnetwork={\n' && cat && printf '}\n'; } >"/run/$1.conf"
  wpa_supplicant -i "$1" -D nl80211 -c "/run/$1.conf" -B -dd -K -t -f "/run/lab/wpas-$1.log"
}

iw reg set US
sleep 1

# WPA2-PSK, HT, WMM, BSS load, group rekeying; reassociation; a station that leaves.
ap psk <<END
interface=wlan0
ssid=somename
country_code=US
ieee80211d=1
hw_mode=g
channel=10
ieee80211n=1
ht_capab=[HT40-][SHORT-GI-20][SHORT-GI-40]
wmm_enabled=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=somepassword
wpa_group_rekey=4
bss_load_update_period=50
END
station wlan1 <<END
ssid="somename"
psk="somepassword"
scan_freq=2457
END
sleep 3
ip addr add 10.0.0.1/24 dev wlan0
sleep 6
wpa_cli -p /run/wpas -i wlan1 reassociate
sleep 2
ping -c 1 -I wlan0 10.0.0.2
wpa_cli -p /run/wpas -i wlan1 disconnect
sleep 1

# Protected management frames, SHA-256, VHT, beacon protection; an SA Query and a protected deauthentication.
ap pmf <<END
interface=wlan2
ssid=protected
country_code=US
ieee80211d=1
ieee80211h=1
local_pwr_constraint=3
spectrum_mgmt_required=1
hw_mode=a
channel=36
ieee80211n=1
ieee80211ac=1
vht_oper_chwidth=1
vht_oper_centr_freq_seg0_idx=42
ht_capab=[HT40+][SHORT-GI-20][SHORT-GI-40]
wmm_enabled=1
wpa=2
wpa_key_mgmt=WPA-PSK-SHA256 WPA-PSK
rsn_pairwise=CCMP
ieee80211w=2
beacon_prot=1
wpa_passphrase=somepassword
bss_transition=1
END
sleep 2
station wlan3 <<END
ssid="protected"
psk="somepassword"
key_mgmt=WPA-PSK-SHA256
ieee80211w=2
scan_freq=5180
END
sleep 4
hostapd_cli -p /run/hostapd -i wlan2 sa_query "$(cat /sys/class/net/wlan3/address)"
hostapd_cli -p /run/hostapd -i wlan2 deauthenticate "$(cat /sys/class/net/wlan3/address)"
sleep 1

# The first WPA, TKIP.
ap wpa1 <<END
interface=wlan4
ssid=old
hw_mode=g
channel=1
wpa=3
wpa_key_mgmt=WPA-PSK
wpa_pairwise=TKIP
rsn_pairwise=CCMP
wpa_passphrase=somepassword
END
sleep 1
station wlan5 <<END
ssid="old"
psk="somepassword"
proto=WPA
key_mgmt=WPA-PSK
pairwise=TKIP
group=TKIP
scan_freq=2412
END
sleep 3

# Shared key authentication.
ap open <<END
interface=wlan6
ssid=open
hw_mode=b
channel=6
auth_algs=3
wep_key0="12345"
wep_default_key=0
END
station wlan7 <<END
ssid="open"
key_mgmt=NONE
auth_alg=SHARED
wep_key0="12345"
scan_freq=2437
END
sleep 3
killall wpa_supplicant
sleep 0.5
killall hostapd
sleep 0.5
