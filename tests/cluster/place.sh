# Where things lie and which addresses they have. Sourced by every script of this folder.
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$HERE/versions.sh"

CACHE=${LOCUST_KNATIVE_CLUSTER:-${XDG_CACHE_HOME:-$HOME/.cache}/locust-knative/cluster}
STATE=$CACHE/state # all that runs; gone after down.sh
BIN=$CACHE/bin
NODE_IP=10.77.0.1
SERVICE_NET=10.96.0.0/16
POD_NET=10.88.0.0/16
API=https://$NODE_IP:6443
ADMIN=$STATE/pki/admin.conf
# What kubelet changes for the whole machine: noted by up.sh, put back by down.sh.
KERNEL_SETTINGS="vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys kernel.keys.root_maxbytes"
PYTHON=${PYTHON:-$HERE/../../.venv/bin/python} # any Python >= 3.11 with pip and PyYAML

say() { printf '%s +%ss %s\n' "$(date +%T)" "$SECONDS" "$*" >&2; }

# Ends with the reason why this machine cannot have the cluster: the only line on standard output, and exit 69.
unavailable() {
  echo "$*"
  exit 69
}

# within SECONDS COMMAND...: try the command until it succeeds.
within() {
  local end=$((SECONDS + $1)) seconds=$1
  shift
  until "$@" > /dev/null 2>&1; do
    [ $SECONDS -lt "$end" ] || { say "gave up after $seconds s on: $*"; return 1; }
    sleep 0.2
  done
}
