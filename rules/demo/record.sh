#!/bin/sh
# Makes demo.scap.gz anew: with an empty environment, the host name "demo", the project at
# /opt/lanner, and no caller above it, so that the recording says nothing of where it was made.
set -e
root=$(cd "$(dirname "$0")/../.." && pwd)
node=$(command -v node)
mkdir -p /opt/lanner
mkfifo /opt/lanner.done
cd /
setsid --fork env -i PATH=/usr/bin:/bin ROOT="$root" unshare --uts --mount sh -c '
  for group in /sys/fs/cgroup /sys/fs/cgroup/*; do echo $$ > $group/cgroup.procs; done
  mount -t tmpfs none /proc/1
  hostname demo
  mount --bind "$ROOT" /opt/lanner; unset ROOT
  cp /opt/lanner/rules/demo/demonstration.sh /opt/demonstration.sh
  cd /
  "$0" /opt/lanner/setup/lanner.mjs record -w /opt/lanner/rules/demo/demo.scap.gz -- sh /opt/demonstration.sh
  rm /opt/demonstration.sh
  echo > /opt/lanner.done' "$node" < /dev/null > /dev/null 2>&1
read -r _ < /opt/lanner.done
rm /opt/lanner.done
rmdir /opt/lanner
chmod 644 "$root/rules/demo/demo.scap.gz"
