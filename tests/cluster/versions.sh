# Every version in one place. modules/*/go.mod and go.sum pin the Go modules again, with hashes.
KUBERNETES=v1.34.4
ETCD=v3.6.16
COREDNS=v1.15.0
SERVING=v0.42.2 # Knative 1.15
TRAEFIK=v3.7.13
GO_AT_LEAST=1.26
DEBIAN=bookworm
PACKAGES="containerd runc containernetworking-plugins iptables iproute2 procps openssl curl mmdebstrap"
