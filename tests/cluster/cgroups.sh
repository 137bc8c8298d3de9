# The control groups (version 1) that hold the whole cluster. Sourced after place.sh.
GROUP=locust-knative-$(cksum <<< "$STATE" | cut -d' ' -f1) # one for each cache folder
CGROUPS="cpu cpuacct cpuset memory devices freezer blkio pids systemd"

# The group of this process in the hierarchy of a controller, seen from outside the cluster.
own_cgroup() {
  awk -F: -v name="$1" \
    '($2 == name || $2 == "name=" name) { sub(/\/locust-knative-[0-9]+$/, "", $3); sub(/^\/$/, "", $3); print $3 }' /proc/self/cgroup
}

cluster_cgroup() { echo "/sys/fs/cgroup/$1$(own_cgroup "$1")/$GROUP"; }

# Moves this process into the cluster's groups, so that all it starts is in them.
enter_cgroups() {
  local controller group file
  for controller in $CGROUPS; do
    group=$(cluster_cgroup "$controller")
    mkdir -p "$group"
    if [ "$controller" = cpuset ]; then
      for file in cpus mems; do cat "$group/../cpuset.$file" > "$group/cpuset.$file"; done
    fi
    echo "$BASHPID" > "$group/cgroup.procs"
  done
}

# All processes of the cluster, also of one whose start was cut off.
cluster_processes() { find "$(cluster_cgroup pids)" -name cgroup.procs -exec cat {} + 2> /dev/null; }

# Groups of processes that have just died may take a moment to be empty.
remove_cgroups() {
  local controller group
  for controller in $CGROUPS; do
    group=$(cluster_cgroup "$controller")
    for _ in $(seq 50); do
      [ -d "$group" ] || break
      find "$group" -depth -type d -exec rmdir {} + 2> /dev/null
      sleep 0.1
    done
  done
}

# What the cluster's programs mount in their own cgroup namespace: the same hierarchies, seen from the cluster's group.
mount_cgroups() {
  local controller options
  mount -t tmpfs cgroups /sys/fs/cgroup
  for controller in $CGROUPS; do
    options=$controller
    [ "$controller" = systemd ] && options=none,name=systemd
    mkdir "/sys/fs/cgroup/$controller"
    mount -t cgroup -o "$options" cgroup "/sys/fs/cgroup/$controller"
  done
}
