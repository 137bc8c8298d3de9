#!/usr/bin/env bash
# `make e2e`: the end-to-end tests on a cluster of their own, or on the one that KUBECONFIG names.
# Where this machine cannot have a cluster it says so in one line, "E2E NOT RUN: ...", and does not fail.
set -uo pipefail
cd "$(dirname "$0")/../.."
CLUSTER=tests/cluster
NOT_AVAILABLE=69
TESTS=(.venv/bin/python -m pytest -p no:randomly tests/e2e "$@")

if [ -n "${KUBECONFIG:-}" ]; then exec "${TESTS[@]}"; fi

trap '"$CLUSTER/down.sh"' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
reason=$("$CLUSTER/up.sh" && "$CLUSTER/python_images.sh")
case $? in
  0) "$CLUSTER/exec.sh" "${TESTS[@]}" ;;
  "$NOT_AVAILABLE") echo "E2E NOT RUN: $reason" ;;
  *) echo "the cluster for the end-to-end tests did not start" >&2; exit 1 ;;
esac
