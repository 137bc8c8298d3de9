"""A run before it begins: its name, its folder, what it calls and how it gets there."""

import time
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from experiment.errors import ExperimentError
from experiment.knative.service import ServiceFacts
from experiment.knative.ways import Way
from experiment.launch.locust_options import LocustOptions
from grpc_user.targets import parse_targets
from records.run_folder import InvalidRunId, check_name, new_run_id

SUFFIX_BYTES = 2
NAME_CHARACTERS = 40
"""Of the Service's name, so that the run's fits into a label."""


class RunThere(ExperimentError):
    """The run's name is taken."""


@dataclass(frozen=True)
class RunPlan:
    """What is about to be run.

    Attributes:
        run_id: Its name.
        results: Folder that holds the run folders.
        service: The Service under load.
        options: In Locust's words.
        way: Where calls go.
    """

    run_id: str
    results: Path
    service: ServiceFacts
    options: LocustOptions
    way: Way

    @property
    def folder(self) -> Path:
        """Where its records will be."""
        return self.results / self.run_id

    @property
    def observed(self) -> Path:
        """Where the observer writes until they are: the generator makes the run's folder itself."""
        return self.results / observed_name(self.run_id)

    @property
    def way_arguments(self) -> tuple[str, ...]:
        """What tells the generator the way, where its options do not."""
        if self.options.way is not None:
            return ()
        arguments = [f"--host={self.way.host}"]
        if self.way.authority and not self.options.text("authority"):
            arguments.append(f"--authority={self.way.authority}")
        (target,) = parse_targets(self.way.host)
        is_private = target.secure or target.is_trusted_in_plain_text or self.options.tls.given
        if not is_private and not self.options.text("insecure"):
            arguments.append("--insecure=yes")  # the Service's own URL says http
        return tuple(arguments)


def observed_name(run_id: str) -> str:
    """Name of the folder of a run's observer, beside the run's own."""
    return f".observed-{run_id}"


def make_plan(
    service: ServiceFacts, options: LocustOptions, way: Way, results: Path | None
) -> RunPlan:
    """A plan under a name that is free here.

    Raises:
        RunThere: when there is such a run, or the name is not valid.
    """
    results = results or Path(options.text("records") or "results")
    run_id = options.text("run_id") or new_run_id(
        time.time(), service.name[:NAME_CHARACTERS], token_hex(SUFFIX_BYTES)
    )
    try:
        plan = RunPlan(check_name(run_id), results, service, options, way)
    except InvalidRunId as error:
        raise RunThere(f"--run-id: {error}") from None
    if plan.folder.exists():
        raise RunThere(f"{plan.folder} exists already; --run-id names another")
    return plan
