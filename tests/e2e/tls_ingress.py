"""An ingress beside the cluster's own that takes TLS, with a certificate of the test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme

from tests.e2e.knative import KnativeService
from tests.e2e.kubectl import Kubectl
from tests.e2e.spin_calls import Entrance
from tests.waiting import wait_for

NAMESPACE = NAME = "traefik"
OURS = "traefik-tls"
PORT = 8443
STORE = (
    "{tls: {stores: {default: {defaultCertificate: "
    "{certFile: /tls/tls.crt, keyFile: /tls/tls.key}}}}}"
)


def is_traefik(kubectl: Kubectl) -> bool:
    """Whether the cluster's ingress is one that this knows to start."""
    network = kubectl.get("knative-serving", "configmap", "config-network")["data"]
    return network.get("ingress-class", "").startswith("traefik.")


@contextmanager
def tls_entrance(kubectl: Kubectl, served: KnativeService, roots: Path) -> Iterator[Entrance]:
    """An entrance to the Service by TLS while the block runs.

    Args:
        kubectl: The cluster.
        served: The Service.
        roots: Where the PEM of the roots to trust is written.
    """
    authority = trustme.CA()
    authority.cert_pem.write_to_path(roots)
    name = served.entrance().authority
    kubectl.apply([_secret(authority.issue_cert(name)), _pod(kubectl)])
    try:
        pod = wait_for("an ingress by TLS", lambda: _ready_pod(kubectl), within_s=60)
        yield Entrance(f"{pod['status']['podIP']}:{PORT}", name)
    finally:
        where = ("-n", NAMESPACE, "delete", "--wait=false")
        kubectl.text(*where, "pod", OURS)
        kubectl.text(*where, "secret", OURS)


def _secret(certificate: trustme.LeafCert) -> dict:
    chain = b"".join(pem.bytes() for pem in certificate.cert_chain_pems)
    texts = {"tls.crt": chain.decode(), "tls.key": certificate.private_key_pem.bytes().decode()}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": OURS, "namespace": NAMESPACE},
        "stringData": {**texts, "store.yaml": STORE},
    }


def _pod(kubectl: Kubectl) -> dict:
    spec = kubectl.get(NAMESPACE, "deployment", NAME)["spec"]["template"]["spec"]
    [container] = spec["containers"]
    kept = [text for text in container["args"] if "privateentrypoints" not in text]
    container["args"] = [
        *kept,
        "--providers.knative.privateentrypoints=secure",
        f"--entrypoints.secure.address=:{PORT}",
        "--entrypoints.secure.http.tls=true",
        "--providers.file.filename=/tls/store.yaml",
    ]
    container["volumeMounts"] = [{"name": "tls", "mountPath": "/tls"}]
    spec["volumes"] = [{"name": "tls", "secret": {"secretName": OURS}}]
    where = {"name": OURS, "namespace": NAMESPACE}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": where, "spec": spec}


def _ready_pod(kubectl: Kubectl) -> dict | None:
    pod = kubectl.get(NAMESPACE, "pod", OURS)
    conditions = {one["type"]: one["status"] for one in pod["status"].get("conditions", [])}
    return pod if conditions.get("Ready") == "True" else None
