"""Options of commands whose load may come from pods in the cluster."""

import argparse

MOST_WORKERS = 100


def add_pod_options(parser: argparse.ArgumentParser) -> None:
    """Add `--in-cluster` and what those pods are made with."""
    parser.add_argument(
        "--in-cluster",
        type=_workers,
        metavar="W",
        help="W worker pods send, in place of this machine",
    )
    add_pod_details(parser)


def add_pod_details(parser: argparse.ArgumentParser) -> None:
    """Add what those pods are made with."""
    parser.add_argument("--namespace", metavar="NS", help="of those pods; default: the Service's")
    parser.add_argument(
        "--image",
        default="",
        metavar="IMAGE",
        help="of those pods; default: the generator's, as k8s/settings names it",
    )
    parser.add_argument(
        "--pod-cpu",
        default="",
        metavar="CPU",
        help="CPU that each of those pods asks for; default: as k8s/base has it, 1 to send",
    )


def pod_arguments(workers: int, options: argparse.Namespace) -> tuple[str, ...]:
    """The same for another command, as its arguments."""
    given = {
        "--in-cluster": str(workers),
        "--namespace": options.namespace,
        "--image": options.image,
        "--pod-cpu": options.pod_cpu,
    }
    return tuple(part for flag, value in given.items() if value for part in (flag, value))


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WORKERS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number of pods; valid: a whole number from 1 to {MOST_WORKERS}"
        )
    return int(text)
