# Commands in the running cluster. Sourced after place.sh.
alive() { [ -s "$STATE/pid" ] && grep -qs init.sh "/proc/$(cat "$STATE/pid")/cmdline"; }

# A command in all of the cluster's namespaces.
inside() { nsenter -t "$(cat "$STATE/pid")" -m -n -p -u -i -C --wd="$PWD" "$@"; }

# A command of this machine, with its files and processes, on the cluster's network.
on_network() { nsenter -t "$(cat "$STATE/pid")" -n "$@"; }

k() { on_network "$BIN/kubectl" --kubeconfig "$ADMIN" "$@"; }

containers() { inside ctr -a /run/containerd/containerd.sock -n k8s.io "$@"; }
