#!/usr/bin/env bash
# Installs cluster DNS, Knative Serving and its ingress (Traefik's Knative provider), and waits until they are ready.
set -euo pipefail
. "$(dirname "$0")/place.sh"
. "$HERE/enter.sh"

knative() { "$PYTHON" "$HERE/render.py" "$CACHE/manifests" "$SERVING" "$1" | k apply --server-side --force-conflicts -f - > /dev/null; }

own() { sed "s/VERSION/$2/" "$HERE/manifests/$1.yaml" | k apply -f - > /dev/null; }

# wait_for NAMESPACE DEPLOYMENTS...
wait_for() {
  local namespace=$1 name
  shift
  for name in "$@"; do k -n "$namespace" rollout status "deploy/$name" --timeout=120s > /dev/null; done
}

own coredns "$COREDNS"
knative crds
# Right after it was made a definition may have no conditions yet, and kubectl gives up at once.
within 60 k wait --for=condition=Established crd --all --timeout=30s && say "definitions in"
knative core
own traefik "$TRAEFIK"
wait_for kube-system coredns
wait_for knative-serving webhook controller autoscaler activator
wait_for traefik traefik
