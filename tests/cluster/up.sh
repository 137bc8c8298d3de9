#!/usr/bin/env bash
# Starts a real one-node Kubernetes cluster with Knative Serving; builds it first where it was not built before.
# Safe to call again, and after a crash. Where it cannot be had: one line with the reason on standard output, exit 69.
set -euo pipefail
. "$(dirname "$0")/place.sh"
. "$HERE/cgroups.sh"
. "$HERE/enter.sh"

# The first process of the cluster's own namespaces: when it ends, all in them ends.
start_first_process() {
  (
    enter_cgroups
    exec setsid unshare --mount --net --pid --uts --ipc --cgroup --fork --mount-proc \
      "$HERE/init.sh" > "$STATE/logs/init.log" 2>&1 < /dev/null
  ) &
  local parent=$!
  disown
  within 20 pgrep -P "$parent" -f init.sh
  pgrep -P "$parent" -f init.sh > "$STATE/pid"
}

start() {
  "$HERE/down.sh"
  mkdir -p "$STATE/logs"
  sysctl $KERNEL_SETTINGS > "$STATE/sysctl.before"
  "$HERE/certificates.sh"
  start_first_process
}

main() {
  "$HERE/needs.sh"
  "$HERE/build.sh"
  if alive; then say "already running"; else start; fi
  within 60 inside test -e /run/started
  say "control plane up"
  "$HERE/images.sh"
  say "images in"
  within 60 k get node node
  within 90 k wait --for=condition=Ready node/node --timeout=5s
  say "node ready"
  [ -e "$STATE/addons" ] || "$HERE/addons.sh"
  touch "$STATE/addons"
  say "all up"
}

mkdir -p "$CACHE" 2> /dev/null || unavailable "the cache folder $CACHE cannot be written"
exec 9> "$CACHE/up.lock"
flock -w 300 9
main 9>&- # what this starts must not hold the lock when this is killed
