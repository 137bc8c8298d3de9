#!/usr/bin/env bash
# Installs what `python -m bench.peers` compares with, each by its ordinary client: ghz and fortio as Go modules into
# bench/.peers, AIPerf from PyPI in an environment of its own there (it brings 1.2 GB with it), h2load as a Debian package.
# What cannot be installed is left out, with a line that says so.
# Versions are the newest that can be had; h2load's is that of the system.
set -uo pipefail
cd "$(dirname "$0")/.."

GHZ=github.com/bojand/ghz/cmd/ghz@v0.93.0
FORTIO=fortio.org/fortio@v1.66.5
AIPERF=0.13.0
PYTHON=${PYTHON:-python3}
export GOBIN=$PWD/bench/.peers/bin GOTOOLCHAIN=local GOWORK=off CGO_ENABLED=0

left_out() { echo "left out: $1"; }

go_peer() { # NAME MODULE
  command -v go > /dev/null || { left_out "$1: Go is not installed"; return; }
  [ -x "$GOBIN/$1" ] && go version -m "$GOBIN/$1" | grep -q "${2##*@}" && { echo "$1 ${2##*@}: there"; return; }
  if go install "$2"; then echo "$1 ${2##*@}: installed"; else left_out "$1: $2 could not be built"; fi
}

aiperf_peer() {
  local venv=bench/.peers/aiperf
  local here="import importlib.metadata as m, sys; sys.exit(m.version('aiperf') != '$AIPERF')"
  "$venv/bin/python" -c "$here" 2> /dev/null && { echo "aiperf $AIPERF: there"; return; }
  if "$PYTHON" -m venv "$venv" && "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "aiperf==$AIPERF"
  then echo "aiperf $AIPERF: installed"; else rm -rf "$venv"; left_out "aiperf: $AIPERF could not be installed"; fi
}

h2load_peer() {
  command -v h2load > /dev/null && { echo "h2load: there"; return; }
  [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || { left_out "h2load: the package nghttp2-client is not installed"; return; }
  if { apt-get update && apt-get install -y nghttp2-client; } > /dev/null 2>&1
  then echo "h2load: installed"; else left_out "h2load: nghttp2-client could not be installed"; fi
}

mkdir -p "$GOBIN"
go_peer ghz "$GHZ"
go_peer fortio "$FORTIO"
aiperf_peer
h2load_peer
