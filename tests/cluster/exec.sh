#!/usr/bin/env bash
# Runs a command of this machine on the network of the running cluster: exec.sh kubectl get pods
set -euo pipefail
. "$(dirname "$0")/place.sh"
. "$HERE/enter.sh"
alive || { echo "the cluster is not running; tests/cluster/up.sh starts it" >&2; exit 1; }
export KUBECONFIG=$ADMIN PATH=$BIN:$PATH
on_network "$@"
