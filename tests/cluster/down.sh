#!/usr/bin/env bash
# Stops the cluster and removes all that it left, but for the cache of built programs and images.
set -uo pipefail
. "$(dirname "$0")/place.sh"
. "$HERE/cgroups.sh"

# The end of a PID namespace's first process ends all in it; the loop is for what had not got that far.
end_processes() {
  local processes
  for _ in $(seq 100); do
    processes=$(cluster_processes)
    [ -n "$processes" ] || return 0
    kill -KILL $processes 2> /dev/null
    sleep 0.1
  done
}

end_processes
remove_cgroups
[ ! -e "$STATE/sysctl.before" ] || sysctl -qp "$STATE/sysctl.before" > /dev/null
rm -rf "$STATE"
