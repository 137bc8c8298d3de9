"""kubectl as a function: JSON in, JSON out."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


class KubectlFailed(AssertionError):
    """kubectl refused; its own words."""


def _program() -> str:
    found = shutil.which("kubectl")
    assert found, "kubectl is not on PATH"
    return found


class Kubectl:
    """The cluster that KUBECONFIG names."""

    def __init__(self, kubeconfig: str) -> None:
        self._environment = {**os.environ, "KUBECONFIG": kubeconfig}

    def text(self, *arguments: str, given: str = "", timeout_s: float = 60) -> str:
        """What `kubectl ARGUMENTS` prints."""
        done = subprocess.run(
            [_program(), *arguments],
            input=given,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        if done.returncode:
            raise KubectlFailed(f"kubectl {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def get(self, namespace: str, kind: str, *more: str) -> dict:
        """`kubectl get` as JSON: one object by its name, or a list."""
        return json.loads(self.text("-n", namespace, "get", kind, *more, "-o", "json"))

    def items(self, namespace: str, kind: str, labels: str = "") -> list[dict]:
        """The objects of a kind that have the labels."""
        return self.get(namespace, kind, *(["-l", labels] if labels else []))["items"]

    def apply(self, objects: Iterable[dict], dry_run: str = "none") -> None:
        """`kubectl apply` of these objects."""
        whole = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
        self.text("apply", f"--dry-run={dry_run}", "-f", "-", given=json.dumps(whole))

    def delete_namespace(self, name: str) -> None:
        """Begin its end; pods may take as long as a call may before it is gone."""
        self.text("delete", "namespace", name, "--wait=false")

    def raw(self, path: str) -> bytes:
        """What the API server answers to GET `path`."""
        command = [_program(), "get", "--raw", path]
        done = subprocess.run(
            command, env=self._environment, capture_output=True, timeout=60, check=False
        )
        if done.returncode:
            raise KubectlFailed(f"{' '.join(command)}: {done.stderr.decode().strip()}")
        return done.stdout

    def kustomize(self, folder: Path) -> str:
        """The objects of a kustomization, as YAML."""
        return self.text("kustomize", str(folder))

    @contextmanager
    def following(self, *arguments: str) -> Iterator[subprocess.Popen]:
        """A kubectl that goes on (`port-forward`, `logs -f`) while the block runs."""
        command = [_program(), *arguments]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, env=self._environment, stdout=pipe, text=True) as running:
            try:
                yield running
            finally:
                running.kill()
