"""The manifests as `kubectl apply -k` would send them; no cluster is asked."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
K8S = PROJECT / "k8s"
OVERLAYS = sorted(path.parent.name for path in (K8S / "overlays").glob("*/kustomization.yaml"))


def render(folder: Path) -> list[dict]:
    """The objects of a kustomization."""
    done = subprocess.run([*_program(), str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def _program() -> list[str]:
    if kubectl := shutil.which("kubectl"):
        return [kubectl, "kustomize"]
    if kustomize := shutil.which("kustomize"):
        return [kustomize, "build"]
    pytest.skip("neither kubectl nor kustomize is on PATH, so manifests cannot be rendered")


def only(objects: list[dict], kind: str, name: str) -> dict:
    """The one object of that kind and name."""
    [found] = [each for each in objects if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found


def of_kind(objects: list[dict], kind: str, group: str = "") -> list[dict]:
    """All objects of a kind, of an API group where kinds share a name."""
    return [
        each for each in objects if each["kind"] == kind and each["apiVersion"].startswith(group)
    ]
