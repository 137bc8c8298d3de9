"""Where a page of metrics is, and reading it."""

import argparse
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import urllib3

from experiment.errors import ExperimentError
from experiment.knative.names import SYSTEM_NAMESPACE
from experiment.kube import Cluster
from experiment.kube_errors import KubeError
from experiment.resources import SERVICES

AUTOSCALER = "autoscaler"
"""The word for the autoscaler's own page, by way of the API server."""
AUTOSCALER_PATH = SERVICES.path(SYSTEM_NAMESPACE, "autoscaler:9090", "proxy", "metrics")
MAX_BYTES = 64 << 20
TIMEOUT_S = 5.0
HINT = (
    "Knative has metrics when ConfigMap config-observability says `metrics-protocol: prometheus` "
    "(from 1.19 on) or `metrics.backend-destination: prometheus`"
)


class NoMetrics(ExperimentError):
    """The page cannot be read."""


class Page(Protocol):
    """A page of metrics."""

    @property
    def address(self) -> str:
        """Where it is, in words for a row."""

    def read(self) -> str:
        """Its text.

        Raises:
            NoMetrics: when it cannot be read.
        """


@dataclass(frozen=True)
class UrlPage:
    """A page that this machine reaches: the autoscaler's, or `/federate` of a Prometheus."""

    address: str

    def read(self) -> str:
        """See `Page`."""
        try:
            with urllib3.PoolManager(retries=False, timeout=TIMEOUT_S) as pool:
                answer = pool.request("GET", self.address, preload_content=False)
                text = answer.read(MAX_BYTES).decode("utf-8", "replace")
        except urllib3.exceptions.HTTPError as error:
            said = " ".join(str(error).split())
            raise NoMetrics(f"no metrics at {self.address}: {said}; {HINT}") from None
        if answer.status != 200:  # noqa: PLR2004 - the one status that says all is well
            raise NoMetrics(f"no metrics at {self.address}: HTTP status {answer.status}")
        return text


@dataclass(frozen=True)
class AutoscalerPage:
    """The autoscaler's own page, by way of the API server's proxy."""

    cluster: Cluster
    address: str = AUTOSCALER

    def read(self) -> str:
        """See `Page`."""
        try:
            return b"".join(self.cluster.download(AUTOSCALER_PATH)).decode("utf-8", "replace")
        except KubeError as error:
            raise NoMetrics(f"no metrics of the autoscaler: {error}; {HINT}") from None


def parse_page(text: str) -> str:
    """The word "autoscaler" or a URL; for `type=` of argparse.

    Raises:
        argparse.ArgumentTypeError: quoting what was given and what is valid.
    """
    parts = urlsplit(text)
    if text != AUTOSCALER and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise argparse.ArgumentTypeError(
            f"metrics are at `{AUTOSCALER}` or a URL as http://HOST:9090/metrics; not {text!r}"
        )
    return text


def page_at(where: str, cluster: Cluster) -> Page:
    """The page that `parse_page` accepted."""
    return AutoscalerPage(cluster) if where == AUTOSCALER else UrlPage(where)
