import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.e2e.kubectl import Kubectl


@pytest.fixture(scope="session")
def cluster() -> Kubectl:
    """The cluster that KUBECONFIG names; `make e2e` starts one where it is not set."""
    kubeconfig = os.environ.get("KUBECONFIG")
    if not kubeconfig:
        pytest.skip("needs a cluster: make e2e")
    return Kubectl(kubeconfig)


@pytest.fixture(scope="module")
def namespace(cluster: Kubectl, request: pytest.FixtureRequest) -> Iterator[str]:
    """A namespace of the test file's own, gone afterwards with all that is in it."""
    with new_namespace(cluster, request.module.__name__) as name:
        yield name


@pytest.fixture(scope="module")
def second_namespace(cluster: Kubectl, request: pytest.FixtureRequest) -> Iterator[str]:
    """Another one: that of a run by Jobs refuses pods that are not as safe as ours."""
    with new_namespace(cluster, request.module.__name__) as name:
        yield name


@contextmanager
def new_namespace(cluster: Kubectl, module: str) -> Iterator[str]:
    stem = module.rpartition(".")[2].replace("_", "-")
    name = f"{stem}-{secrets.token_hex(2)}"
    cluster.text("create", "namespace", name)
    yield name
    cluster.delete_namespace(name)
