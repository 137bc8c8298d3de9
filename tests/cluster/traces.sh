#!/usr/bin/env bash
# Prints all that a cluster could leave on this machine: the same before up.sh and after down.sh.
# Asks the kernel alone: what else tells may only be installed by up.sh.
set -uo pipefail
. "$(dirname "$0")/place.sh"
. "$HERE/cgroups.sh"

echo "processes:" && { cluster_processes; grep -lazs "^$BIN/" /proc/[0-9]*/cmdline; } | sort
echo "control groups:" && for name in $CGROUPS; do ls -d "$(cluster_cgroup "$name")" 2> /dev/null; done
echo "mounts:" && cut -d' ' -f2,3 /proc/self/mounts | sort
echo "network:" && ls /sys/class/net /run/netns 2> /dev/null
echo "kernel:" && for name in $KERNEL_SETTINGS net.ipv4.ip_forward; do grep -H . "/proc/sys/${name//.//}"; done
echo "state:" && ls -d "$STATE" 2> /dev/null
true
