#!/usr/bin/env bash
# Sees to what the cluster needs of this machine, or says in one line what is missing and exits 69.
set -euo pipefail
. "$(dirname "$0")/place.sh"
. "$HERE/cgroups.sh"

needs_privileges() {
  [ "$(uname -s)" = Linux ] || unavailable "the cluster needs Linux"
  [ "$(id -u)" = 0 ] || unavailable "the cluster needs root, for namespaces, mounts and control groups"
  unshare --mount --net --pid --uts --ipc --cgroup --fork --mount-proc true 2> /dev/null ||
    unavailable "new namespaces are not permitted here"
  unshare --mount mount -t tmpfs tmpfs /run 2> /dev/null || unavailable "mounts are not permitted here"
}

needs_cgroups() {
  local controller group
  for controller in $CGROUPS; do
    group=$(cluster_cgroup "$controller")
    if [ -d "$group" ]; then continue; fi # of a cluster that runs, or ran
    { mkdir "$group" && rmdir "$group"; } 2> /dev/null ||
      unavailable "control groups of version 1 are not here or cannot be written ($controller)"
  done
}

needs_place() {
  case $CACHE/ in
    /etc/* | /opt/* | /usr/* | /var/*) unavailable "the cache folder $CACHE lies where the cluster has folders of its own" ;;
  esac
}

missing_packages() {
  local package
  for package in $PACKAGES; do
    dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || echo "$package"
  done
}

needs_packages() {
  local missing
  missing=$(missing_packages | xargs)
  [ -n "$missing" ] || return 0
  command -v apt-get > /dev/null || unavailable "without apt-get these cannot be installed: $missing"
  apt-get update -qq > /dev/null 2>&1 || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > /dev/null 2>&1 ||
    unavailable "these Debian packages could not be installed: $missing"
  say "installed: $missing"
}

needs_privileges
needs_place
needs_cgroups
needs_packages
