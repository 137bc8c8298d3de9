#!/usr/bin/env bash
# Makes the cluster's certificates, and a kubeconfig file for each who speaks to its API.
set -euo pipefail
. "$(dirname "$0")/place.sh"

make_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }

# certify NAME SUBJECT EXTENSIONS
certify() {
  make_key "$1"
  openssl req -new -key "$1.key" -subj "$2" |
    openssl x509 -req -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$1.crt" -extfile <(echo "$3") 2> /dev/null
}

# client NAME SUBJECT: a certificate and a kubeconfig file.
client() {
  certify "$1" "$2" extendedKeyUsage=clientAuth
  cat > "$1.conf" <<Y
apiVersion: v1
kind: Config
clusters: [{name: local, cluster: {server: "$API", certificate-authority: $STATE/pki/ca.crt}}]
users: [{name: $1, user: {client-certificate: $STATE/pki/$1.crt, client-key: $STATE/pki/$1.key}}]
contexts: [{name: local, context: {cluster: local, user: $1}}]
current-context: local
Y
}

mkdir -pm 700 "$STATE/pki"
cd "$STATE/pki"
make_key ca
openssl req -x509 -new -key ca.key -subj /CN=cluster-ca -days 30 -out ca.crt
names=DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local
certify apiserver /CN=kube-apiserver "subjectAltName=$names,IP:10.96.0.1,IP:$NODE_IP,IP:127.0.0.1"
certify kubelet-server /CN=node "subjectAltName=DNS:node,IP:$NODE_IP"
client admin /O=system:masters/CN=admin
client apiserver-kubelet /O=system:masters/CN=kube-apiserver-kubelet-client
client kubelet /O=system:nodes/CN=system:node:node
client controller-manager /CN=system:kube-controller-manager
client scheduler /CN=system:kube-scheduler
client proxy /CN=system:kube-proxy
openssl genrsa -out sa.key 2048 2> /dev/null
openssl rsa -in sa.key -pubout -out sa.pub 2> /dev/null
