#!/usr/bin/env bash
# Says how the cluster is and what its programs said last, for whoever looks for the fault of a start or of a test.
set -uo pipefail
. "$(dirname "$0")/place.sh"
. "$HERE/enter.sh"

if alive; then
  k get pods --all-namespaces --output=wide --request-timeout=10s
  k get events --all-namespaces --request-timeout=10s | grep -v Normal | tail -n 20
else
  echo "the cluster is not running"
fi
for log in "$STATE"/logs/*.log; do
  [ -s "$log" ] && echo "--- the end of ${log##*/}" && tail -n 8 "$log" | cut -c 1-300
done
true
