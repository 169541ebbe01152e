#!/bin/sh
# Makes demo.scap.gz anew, with an empty environment and the host name "demo".
set -e
cd "$(dirname "$0")/../.."
lanner=$PWD/setup/lanner.mjs
out=$PWD/rules/demo/demo.scap.gz
script=$PWD/rules/demo/demonstration.sh
copy=$(mktemp -d /tmp/demo.XXXXXX)
cp "$script" "$copy/demonstration.sh"
node=$(command -v node)
cd /
exec unshare --uts sh -c '
  hostname demo
  env -i PATH=/usr/bin:/bin "$0" "$1" record -w "$2" -- sh "$3/demonstration.sh"
  rm -r "$3"' "$node" "$lanner" "$out" "$copy"
