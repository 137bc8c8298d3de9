"""The doctor, once before a sweep: what would stop every run stops it here."""

from experiment.commands.doctor import diagnose
from experiment.doctor.examination import Examination
from experiment.doctor.findings import FAULT_FOUND
from experiment.doctor.permissions import to_launch, to_patch
from experiment.errors import ExperimentError
from experiment.launch.locust_options import LocustOptions
from experiment.sweep.cluster.service_api import ServiceApi


class FaultFound(ExperimentError):
    """The doctor has said what is wrong."""


def examine(
    api: ServiceApi, asked: LocustOptions, *, patches: bool, pods_namespace: str | None
) -> None:
    """Have the doctor look at the Service and tell.

    Args:
        api: The Service.
        asked: What runs ask of it, with the longest spin of the sweep.
        patches: The sweep changes the Service.
        pods_namespace: Where pods send from; None where this machine does.

    Raises:
        FaultFound: when something stands in the way of runs.
        ExperimentError: when the API cannot be asked.
    """
    wanted = Examination(
        namespace=api.namespace,
        name=api.name,
        question=asked.question(),
        way=None if pods_namespace else asked.way,
        spin_s=asked.spin_s,
        tls=asked.tls,
        further=(
            *(to_patch(api.namespace, api.name) if patches else ()),
            *(to_launch(pods_namespace) if pods_namespace else ()),
        ),
    )
    code, _ = diagnose(api.cluster, wanted)
    if code == FAULT_FOUND:
        raise FaultFound(f"no run was begun: the doctor found what stops them at {api.full_name}")
