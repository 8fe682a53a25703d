#!/bin/sh
# Makes the exchanges that sae-air.ts quotes, with Debian's hostapd and wpa_supplicant 2.10:
#   node dist/lab/run.js --radios 4 --time-travel --keep -- test/vectors/capture-sae.sh
# leaves air.pcap and the programs' logs (with keys) in the results folder. All values differ in each run.

ap() { # NAME, then the configuration on standard input
  {
    printf 'driver=nl80211\nctrl_interface=/run/hostapd\nhw_mode=g\nchannel=1\nwpa=2\nwpa_key_mgmt=SAE\nrsn_pairwise=CCMP\n'
    printf 'ieee80211w=2\nanti_clogging_threshold=0\n'
    cat
  } >"/run/$1.conf"
  hostapd -B -dd -K -t -f "/run/lab/hostapd-$1.log" "/run/$1.conf"
}

station() { # INTERFACE, global lines, then the network block on standard input
  {
    printf 'ctrl_interface=/run/wpas\n%b\nnetwork={\nkey_mgmt=SAE\nieee80211w=2\nscan_freq=2412\n' "$2"
    cat
    printf '}\n'
  } >"/run/$1.conf"
  wpa_supplicant -i "$1" -D nl80211 -c "/run/$1.conf" -B -dd -K -t -f "/run/lab/wpas-$1.log"
}

# Looping, group 19, with a token.
ap looping <<END
interface=wlan0
ssid=looping
sae_password=somepassword
END
station wlan1 'sae_pwe=0' <<END
ssid="looping"
sae_password="somepassword"
END
sleep 4

# Hash-to-element: group 21 rejected, then 20; an identifier; a token.
ap hashing <<END
interface=wlan2
ssid=hashing
sae_pwe=1
sae_groups=20
sae_password=somepassword|id=some identifier
END
station wlan3 'sae_pwe=1\nsae_groups=21 20' <<END
ssid="hashing"
sae_password="somepassword"
sae_password_id="some identifier"
END
sleep 4
killall wpa_supplicant hostapd
sleep 0.5

# The password element of other groups, both ways.
for group in 15 20 21; do
  for pwe in 0 1; do
    ap "$group-$pwe" <<END
interface=wlan0
ssid=groups
sae_pwe=$pwe
sae_groups=$group
sae_password=somepassword
END
    station wlan1 "sae_pwe=$pwe\nsae_groups=$group" <<END
ssid="groups"
sae_password="somepassword"
END
    sleep 4
    killall wpa_supplicant hostapd
    sleep 0.5
  done
done
