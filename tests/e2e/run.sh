#!/usr/bin/env bash
# `make e2e`: the end-to-end tests on a cluster of their own, or on the one that KUBECONFIG names.
# Where this machine cannot have a cluster it says so in one line, "E2E NOT RUN: ...", and does not fail.
set -uo pipefail
cd "$(dirname "$0")/../.."
CLUSTER=tests/cluster
NOT_AVAILABLE=69
TESTS=(.venv/bin/python -m pytest -p no:randomly tests/e2e "$@")

if [ -n "${KUBECONFIG:-}" ]; then exec "${TESTS[@]}"; fi

start() { "$CLUSTER/up.sh" && "$CLUSTER/python_images.sh"; }

# A start may fail where a busy machine is too slow for it: tried twice, always from nothing.
start_or_say_why() {
  local reason code
  for try in first second; do
    reason=$(start)
    code=$?
    [ $code = 0 ] && return
    [ $code = $NOT_AVAILABLE ] && { echo "E2E NOT RUN: $reason"; return $code; }
    echo "the $try start of the cluster failed with exit code $code"
    "$CLUSTER/report.sh"
    "$CLUSTER/down.sh"
  done
  return 1
}

# What was not there before and is now is a fault of ours.
leave_no_trace() {
  "$CLUSTER/down.sh"
  diff <(echo "$before") <("$CLUSTER/traces.sh") || { echo "the cluster has left these traces" >&2; return 1; }
}

"$CLUSTER/down.sh" # what a run that was cut off has left
before=$("$CLUSTER/traces.sh")
trap 'code=$?; trap "" INT TERM; leave_no_trace || code=1; exit $code' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
start_or_say_why
case $? in
  0) "$CLUSTER/exec.sh" "${TESTS[@]}" || { code=$?; "$CLUSTER/report.sh"; exit $code; } ;;
  "$NOT_AVAILABLE") exit 0 ;;
  *) echo "the cluster for the end-to-end tests did not start" >&2; exit 1 ;;
esac
