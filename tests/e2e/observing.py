"""`python -m experiment observe` as a process of its own, with the rights of a ServiceAccount."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from records.replica_rows import Row
from records.replicas import read_replicas
from tests.e2e.kubectl import Kubectl
from tests.waiting import wait_for

ROLES = Path(__file__).parents[2] / "k8s" / "base" / "roles.yaml"


def make_account(kubectl: Kubectl, namespace: str, name: str) -> None:
    """A ServiceAccount, and what k8s/base/roles.yaml binds to it in this namespace."""
    objects = yaml.safe_load_all(ROLES.read_text())
    found = [each for each in objects if each["metadata"]["name"] == name]
    for each in found:
        each["metadata"]["namespace"] = namespace
        for subject in each.get("subjects", []):
            subject["namespace"] = namespace
    account = {"apiVersion": "v1", "kind": "ServiceAccount"}
    kubectl.apply([{**account, "metadata": {"name": name, "namespace": namespace}}, *found])


def write_kubeconfig(
    kubectl: Kubectl, namespace: str, account: str, path: Path, port: int | None = None
) -> Path:
    """A kubeconfig of the account alone; by a port of loopback where one is given."""
    view = ("config", "view", "--raw", "--minify", "--flatten", "-o", "json")
    [there] = json.loads(kubectl.text(*view))["clusters"]
    if port is not None:
        host = urlsplit(there["cluster"]["server"]).hostname
        there["cluster"] |= {"server": f"https://127.0.0.1:{port}", "tls-server-name": host}
    token = kubectl.text("-n", namespace, "create", "token", account).strip()
    context = {"cluster": there["name"], "user": account}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [there],
        "users": [{"name": account, "user": {"token": token}}],
        "contexts": [{"name": "it", "context": context}],
        "current-context": "it",
    }
    path.write_text(json.dumps(config))
    return path


def api_server(kubectl: Kubectl) -> tuple[str, int]:
    """Host and port of the API server."""
    view = ("config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}")
    server = urlsplit(kubectl.text(*view))
    return str(server.hostname), server.port or 443


def command(kubeconfig: Path | str, service: str, folder: Path, *more: str) -> list[str]:
    """The command that observes the Service into the folder."""
    program = [sys.executable, "-m", "experiment", "observe", "--kubeconfig", str(kubeconfig)]
    return [*program, "--ksvc", service, "--folder", str(folder), *more]


@contextmanager
def observing(arguments: list[str], folder: Path) -> Iterator[None]:
    """Observe while the block runs, from the first rows on; it ends in order."""
    surroundings = {name: text for name, text in os.environ.items() if name != "KUBECONFIG"}
    with subprocess.Popen(arguments, env=surroundings) as process:
        try:
            wait_for("the first rows", lambda: read_replicas(folder), within_s=30)
            yield
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()


def of_kind(rows: list[Row], kind: str) -> list[Row]:
    """Rows of one kind."""
    return [row for row in rows if row["kind"] == kind]
