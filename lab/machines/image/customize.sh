#!/bin/sh
# Makes a machine image out of a Debian root file system. usage: customize.sh ROOT FILES
# Runs as mmdebstrap's last step, as root, with the directory of the files that come with the image.
set -eu
root=$1
files=$2

# Every machine makes or is given its own identity.
rm -f "$root"/etc/ssh/ssh_host_* "$root/var/lib/dbus/machine-id" "$root/etc/hostname"
: > "$root/etc/machine-id"

cp -R "$files/." "$root/"
chmod 755 "$root/usr/local/sbin/lab-cgroup1"

# The file system of a machine is made by the lab in its full size; nothing in it is a disk to grow, format or mount.
sed -i -e '/^ *- growpart$/d' -e '/^ *- resizefs$/d' -e '/^ *- disk_setup$/d' -e '/^ *- mounts$/d' "$root/etc/cloud/cloud.cfg"

chroot "$root" systemctl --quiet enable systemd-networkd.service lab-cgroup1.service
# Devices, kernel modules and debug file systems are the host's; unattended work would make two runs differ.
chroot "$root" systemctl --quiet mask \
  systemd-udevd.service systemd-udevd-kernel.socket systemd-udevd-control.socket systemd-udev-trigger.service \
  sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount dev-hugepages.mount dev-mqueue.mount \
  systemd-networkd-wait-online.service systemd-modules-load.service \
  apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer

# Docker looks for it to know that it runs in a container itself.
touch "$root/.dockerenv"
rm -rf "$root"/var/cache/apt/*.bin "$root"/var/lib/apt/lists/*
