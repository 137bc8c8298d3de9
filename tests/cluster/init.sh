#!/usr/bin/env bash
# The first process of the cluster's namespaces: prepares mounts and a network without a way out, then starts the programs.
set -euo pipefail
. "$(dirname "$0")/place.sh"
. "$HERE/cgroups.sh"
PKI=$STATE/pki

# What containerd and kubelet write outside $STATE goes to overlays that vanish with this namespace.
prepare_mounts() {
  local folder
  mount --make-rshared /
  mount -t tmpfs tmpfs /run
  for folder in etc opt usr var; do
    mkdir -p "$STATE/over/$folder" "$STATE/over/.$folder"
    mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$STATE/over/$folder,workdir=$STATE/over/.$folder" "/$folder"
  done
  mkdir -p /run/lock /run/netns /run/kubelet "$STATE"/{kubelet,containerd,cni}
  mkdir -pm 700 "$STATE/etcd"
  mount --bind "$STATE/kubelet" /run/kubelet
  mount_cgroups
}

prepare_network() {
  ip link set lo up
  ip link add node0 type veth peer name node1
  ip addr add $NODE_IP/24 dev node0
  ip link set node0 up
  ip link set node1 up
  ip route add $SERVICE_NET dev node0 # local processes must find a route before kube-proxy rewrites the address
  sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.route_localnet=1
  : > /run/resolv.conf
}

# A file of node/ with its places filled in.
settle() { sed -e "s#STATE#$STATE#g; s#POD_NET#$POD_NET#g" "$HERE/node/$1"; }

settle_files() {
  settle containerd.toml > /run/containerd.toml
  settle kubelet.yaml > /run/kubelet.yaml
  settle proxy.yaml > /run/proxy.yaml
  settle network.conflist > "$STATE/cni/10-cluster.conflist"
}

run() {
  local name=$1
  shift
  "$@" >> "$STATE/logs/$name.log" 2>&1 &
}

start_store() {
  run etcd "$BIN/etcd" --data-dir "$STATE/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380
  run containerd containerd --config /run/containerd.toml
}

start_apiserver() {
  run apiserver "$BIN/kube-apiserver" --etcd-servers http://127.0.0.1:2379 \
    --advertise-address $NODE_IP --bind-address 0.0.0.0 --secure-port 6443 \
    --service-cluster-ip-range $SERVICE_NET --authorization-mode Node,RBAC --allow-privileged \
    --client-ca-file "$PKI/ca.crt" --tls-cert-file "$PKI/apiserver.crt" --tls-private-key-file "$PKI/apiserver.key" \
    --kubelet-client-certificate "$PKI/apiserver-kubelet.crt" --kubelet-client-key "$PKI/apiserver-kubelet.key" \
    --kubelet-preferred-address-types InternalIP --service-account-issuer https://kubernetes.default.svc \
    --requestheader-client-ca-file "$PKI/ca.crt" --requestheader-allowed-names front-proxy-client \
    --service-account-key-file "$PKI/sa.pub" --service-account-signing-key-file "$PKI/sa.key"
  within 60 curl -sf --cacert "$PKI/ca.crt" --cert "$PKI/admin.crt" --key "$PKI/admin.key" $API/readyz
}

start_controllers() {
  run controller-manager "$BIN/kube-controller-manager" $(identity controller-manager) --leader-elect=false \
    --use-service-account-credentials --service-account-private-key-file "$PKI/sa.key" --root-ca-file "$PKI/ca.crt" \
    --cluster-signing-cert-file "$PKI/ca.crt" --cluster-signing-key-file "$PKI/ca.key"
  run scheduler "$BIN/kube-scheduler" $(identity scheduler) --leader-elect=false
}

identity() {
  echo --bind-address 127.0.0.1 --kubeconfig "$PKI/$1.conf" \
    --authentication-kubeconfig "$PKI/$1.conf" --authorization-kubeconfig "$PKI/$1.conf"
}

start_node() {
  run kubelet "$BIN/kubelet" --root-dir /run/kubelet --config /run/kubelet.yaml --kubeconfig "$PKI/kubelet.conf" \
    --hostname-override node --node-ip $NODE_IP
  run proxy "$BIN/kube-proxy" --config /run/proxy.yaml --hostname-override node
}

hostname node
prepare_mounts
prepare_network
settle_files
start_store
start_apiserver
start_controllers
start_node
touch /run/started
trap 'exit 0' TERM INT
while :; do
  sleep 3600 &
  wait $! || true
done
