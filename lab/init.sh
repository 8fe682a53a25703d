#!/bin/sh
# The guest's first process: makes the host's read-only tree usable, runs the job, leaves its exit status in a file.
# The kernel's command line brings $LAB, the host folder of the job and its results. tty0 is the kernel's log, tty1 and
# tty2 are the job's output and errors, tty3 is the capture; each is a file on the host.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

power_off() {
  sync
  # Not every Debian has halt(8); each has perl. This is x86-64's reboot(2) with LINUX_REBOOT_CMD_POWER_OFF.
  perl -e 'syscall(169, 0xfee1dead, 672274793, 0x4321fedc, 0)'
}

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t debugfs debugfs /sys/kernel/debug
mount -t tmpfs tmpfs /run
mkdir /run/lab /run/lock
if ! mount -t hostfs -o "$LAB" hostfs /run/lab; then
  power_off
fi
for tty in /dev/tty1 /dev/tty2 /dev/tty3; do
  stty -F $tty raw -echo
done

# The kernel hands on the words of its command line that look like variables.
unset LAB hostfs mem uml_dir

# Variables of the job's environment; directory, capture, capture_filter; shares and run, which are functions.
. /run/lab/job

mount -t tmpfs tmpfs /tmp
mount -t tmpfs tmpfs /var
mkdir -p /var/cache /var/lib /var/log /var/tmp /dev/pts /dev/shm
chmod 1777 /tmp /var/tmp
ln -s /run /var/run
ln -s /run/lock /var/lock
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
ln -s /proc/self/fd /dev/fd
ln -s /proc/self/fd/0 /dev/stdin
ln -s /proc/self/fd/1 /dev/stdout
ln -s /proc/self/fd/2 /dev/stderr

# What the job needs of the host may lie where the guest now has a file system of its own.
shares | while IFS= read -r path; do
  mkdir -p "$path"
  mount -t hostfs -o "ro,$path" hostfs "$path"
done

echo lab >/proc/sys/kernel/hostname
ip link set lo up
iw reg reload

if [ $capture = yes ]; then
  ip link set hwsim0 up
  tcpdump -i hwsim0 --immediate-mode -U -w - "$capture_filter" </dev/null >/dev/tty3 2>/run/lab/tcpdump.log &
  tcpdump=$!
  # Frames that are sent before it listens would be missing.
  until grep -q listening /run/lab/tcpdump.log || ! kill -0 $tcpdump; do
    sleep 0.01
  done
fi

if cd "$directory"; then
  run </dev/null >/dev/tty1 2>/dev/tty2
  status=$?
else
  status=126
fi

if [ $capture = yes ]; then
  kill -INT $tcpdump
  wait $tcpdump
fi
echo $status >/run/lab/status
power_off
