#!/usr/bin/env bash
# Fills the cache: the programs, built from Go modules, and Knative's manifests. What has a stamp of its version stays.
# BUILD_PREFIX may hold a wrapper, such as "nice -n 10".
set -euo pipefail
. "$(dirname "$0")/place.sh"

export CGO_ENABLED=0 GOFLAGS="-buildvcs=false -trimpath -mod=readonly" GOTOOLCHAIN=local GOWORK=off
export GOCACHE=$CACHE/go-build # gigabytes that nobody needs once the programs are there

stamped() { [ -e "$BIN/.$1" ]; }

need_go() {
  local have
  have=$(go env GOVERSION 2> /dev/null) || unavailable "Go is not installed (>= $GO_AT_LEAST builds the cluster's programs)"
  printf '%s\n%s\n' "$GO_AT_LEAST" "${have#go}" | sort -VC || unavailable "Go is ${have#go}; the cluster needs >= $GO_AT_LEAST"
}

# build NAME VERSION LDFLAGS OUTPUT PACKAGES...: OUTPUT is a file, or empty where each package names its own.
build() {
  local name=$1 version=$2 ldflags=$3 output=$4 source=${SOURCE:-$HERE/modules/$1}
  shift 4
  stamped "$name-$version" && return
  need_go
  cd "$source"
  go list -deps "$@" > /dev/null || unavailable "the Go modules of $name $version could not be downloaded"
  say "$name $version: downloaded"
  ${BUILD_PREFIX:-} go build -ldflags "-s -w $ldflags" -o "$BIN/$output" "$@" || unavailable "$name $version could not be built"
  touch "$BIN/.$name-$version"
  say "$name $version: built"
}

module_folder() { (cd / && GOFLAGS='' go mod download -json "$1" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p'); }

# Traefik without ACME's DNS providers: no test needs one, and they pull in gigabytes.
traefik_source() {
  local source=$CACHE/traefik traefik lego version part
  traefik=$(module_folder "github.com/traefik/traefik/v3@$TRAEFIK")
  version=$(awk '$1 == "github.com/go-acme/lego/v5" { print $2 }' "$traefik/go.mod")
  lego=$(module_folder "github.com/go-acme/lego/v5@$version")
  rm -rf "$source"
  cp -r "$HERE/modules/traefik" "$source"
  mkdir -p "$source/lego/providers/dns"
  for part in acme certcrypto certificate challenge internal lego log platform registration LICENSE go.mod; do
    cp -r "$lego/$part" "$source/lego/"
  done
  cp "$source/dns.go.txt" "$source/lego/providers/dns/dns.go"
  chmod -R u+w "$source"
}

build_traefik() {
  stamped "traefik-$TRAEFIK" && return
  need_go
  traefik_source || unavailable "the Go modules of traefik $TRAEFIK could not be downloaded"
  SOURCE=$CACHE/traefik build traefik "$TRAEFIK" "" "" github.com/traefik/traefik/v3/cmd/traefik
  rm -rf "$CACHE/traefik"
}

build_kubernetes() {
  local version=k8s.io/component-base/version.git commands=k8s.io/kubernetes/cmd minor
  minor=$(cut -d. -f2 <<< "$KUBERNETES")
  # Binaries from a module call themselves v0.0.0; Knative asks the server for its version.
  build kubernetes "$KUBERNETES" \
    "-X ${version}Version=$KUBERNETES -X ${version}Major=1 -X ${version}Minor=$minor -X ${version}TreeState=clean" "" \
    $commands/kube-{apiserver,controller-manager,scheduler,proxy} $commands/{kubelet,kubectl}
}

# The manifests of the three Knative modules, so that starting needs no Go.
keep_manifests() {
  local part folder
  stamped "manifests-$SERVING" && return
  need_go
  for part in serving networking caching; do
    cd "$HERE/modules/knative"
    go mod download "knative.dev/$part" >&2 || unavailable "Knative's manifests could not be downloaded"
    folder=$(go list -m -f '{{.Dir}}' "knative.dev/$part")
    rm -rf "$CACHE/manifests/$part"
    mkdir -p "$CACHE/manifests/$part"
    cp -r "$folder/config" "$CACHE/manifests/$part/"
  done
  chmod -R u+w "$CACHE/manifests"
  touch "$BIN/.manifests-$SERVING"
}

mkdir -p "$BIN" || unavailable "the cache folder $CACHE cannot be written"
exec 8> "$CACHE/build.lock"
flock 8
build etcd "$ETCD" "" etcd go.etcd.io/etcd/server/v3
build pause 1 "" pause .
build coredns "$COREDNS" "" coredns .
build_kubernetes
build knative "$SERVING" "" "" knative.dev/serving/cmd/{controller,webhook,activator,autoscaler,queue}
keep_manifests
build_traefik
rm -rf "$GOCACHE"
