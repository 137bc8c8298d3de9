import os
import secrets
from collections.abc import Iterator

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
    stem = request.module.__name__.rpartition(".")[2].replace("_", "-")
    name = f"{stem}-{secrets.token_hex(2)}"
    cluster.text("create", "namespace", name)
    yield name
    cluster.delete_namespace(name)
