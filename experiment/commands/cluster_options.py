"""Options that several commands have: which Service, on which cluster."""

import argparse

from experiment.knative.names import parse_service_name


def ksvc_option(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Add `--ksvc`."""
    parser.add_argument(
        "--ksvc",
        required=required,
        type=parse_service_name,
        metavar="NS/NAME",
        help="the Knative Service",
    )


def add_cluster_options(parser: argparse.ArgumentParser) -> None:
    """Add `--kubeconfig` and `--context`."""
    parser.add_argument("--kubeconfig", metavar="FILE", help="default: $KUBECONFIG, ~/.kube/config")
    parser.add_argument("--context", metavar="NAME", help="default: the file's current one")


def cluster_arguments(options: argparse.Namespace) -> tuple[str, ...]:
    """The same for another command, as its arguments."""
    given = {"--kubeconfig": options.kubeconfig, "--context": options.context}
    return tuple(part for flag, value in given.items() if value for part in (flag, value))
