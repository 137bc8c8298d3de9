#!/usr/bin/env bash
# Puts the cluster's own programs into images, once, and imports them. There is no registry.
set -euo pipefail
. "$(dirname "$0")/place.sh"
. "$HERE/enter.sh"

# program NAME:TAG BINARY PLACE
program() {
  local archive=$CACHE/images/${1/:/_}.tar
  [ "$archive" -nt "$BIN/$2" ] || "$PYTHON" "$HERE/program_image.py" "$archive" "ko.local/$1" "$BIN/$2" "$3"
  echo "ko.local/$1 $archive"
}

programs() {
  local name
  program pause:1 pause /pause
  program "coredns:$COREDNS" coredns /coredns
  program "traefik:$TRAEFIK" traefik /traefik
  for name in controller webhook activator autoscaler queue; do
    program "$name:$SERVING" $name "/ko-app/$name"
  done
}

import_missing() {
  local have name archive
  have=$(containers images ls -q)
  while read -r name archive; do
    grep -qxF "$name" <<< "$have" || containers images import "$archive" > /dev/null
  done
}

mkdir -p "$CACHE/images"
within 30 containers version
programs | import_missing
