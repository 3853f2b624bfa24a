#!/bin/sh
# Finds the disk under its number, makes a file system on one that has nothing, and has systemd mount it. A disk with
# something on it, partitions too, is never formatted: blkid says 2 where it finds nothing at all. The first two places
# are Azure's, by the generation of its tools; a system container has no disks of its own and is given file systems.
set -eu
lun=$1 point=$2
for place in "/dev/disk/azure/data/by-lun/$lun" "/dev/disk/azure/scsi1/lun$lun" "/mnt/lun$lun"; do
  [ -e "$place" ] || continue
  type=none options=bind
  if [ -b "$place" ]; then
    found=0
    blkid -p "$place" >/dev/null || found=$?
    case $found in
      0) ;;
      2) mkfs.ext4 -q -L "data$lun" "$place" ;;
      *) echo "garrison: what is on data disk $lun is not clear to blkid ($found); it is left as it is" >&2; exit 1 ;;
    esac
    type=auto options=noatime,nosuid,nodev
  fi
  unit=$(systemd-escape --path --suffix=mount "$point")
  printf '[Mount]\nWhat=%s\nWhere=%s\nType=%s\nOptions=%s\n' "$place" "$point" "$type" "$options" >"/run/systemd/system/$unit"
  systemctl daemon-reload
  systemctl start "$unit"
  exit
done
echo "garrison: no data disk $lun on this machine" >&2
exit 1
