"""A run by pods: Jobs made, the master's log told, records waited for."""

import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from experiment.errors import ExperimentError
from experiment.fetching.depot import Depot
from experiment.fetching.fetch import fetch_run
from experiment.kube import Cluster, Json
from experiment.kube_errors import Conflict, KubeError, NotFound
from experiment.launch import pods
from experiment.launch.errors import GoesOn, NotLaunched
from experiment.launch.manifests import (
    PodRun,
    k8s_folder,
    owned_by,
    path_of,
    run_objects,
)
from experiment.launch.pod_log import follow_log
from experiment.launch.processes import on_signals
from experiment.launch.telling import say
from experiment.resources import JOBS, PODS
from verdict.exit_codes import BAD_CONFIGURATION, RECORDS_NOT_WRITTEN, SIGTERM, highest

START_S = 300.0
HOME_S = 180.0
"""The pods' records are sent home within their grace period of 120 s."""
LOOK_S = 5.0
GENERATOR_LABEL = "app.kubernetes.io/component in (locust-master, locust-worker)"
UNDER_WAY = ("Pending", "Running")


@dataclass(frozen=True)
class Launch:
    """A run by pods and the cluster that they are in."""

    cluster: Cluster
    run: PodRun

    @property
    def master(self) -> str:
        """The master's Job."""
        return self.run.named("locust-master")

    @property
    def worker(self) -> str:
        """The workers' Job."""
        return self.run.named("locust-worker")

    def check_alone(self) -> None:
        """Refuse to run beside another run of the namespace: they would share its CPUs.

        Raises:
            NotLaunched: naming it.
        """
        path = PODS.path(self.run.namespace)
        for pod in self.cluster.get(path, {"labelSelector": GENERATOR_LABEL})["items"]:
            if pod.get("status", {}).get("phase") in UNDER_WAY:
                raise NotLaunched(
                    f"another run is under way in namespace {self.run.namespace} "
                    f"(pod {pod['metadata']['name']}): wait for its end, or take --namespace"
                )

    def start(self) -> None:
        """Make the run's objects, which end with the master's Job, and let that go.

        Raises:
            NotLaunched: when there are such objects already.
        """
        master, *others = run_objects(k8s_folder(), self.run)
        try:
            made = self.cluster.create(path_of(master), master)
        except Conflict as error:
            raise NotLaunched(f"{error}; --run-id names another run") from None
        try:
            for thing in others:
                self.cluster.create(path_of(thing), owned_by(thing, made))
            self.cluster.patch(self._job(self.master), {"spec": {"suspend": False}})
        except BaseException:
            self.give_up()
            raise

    def watch(self) -> int:
        """Tell the master's log to its end; the master's exit code.

        The first Ctrl-C or SIGTERM has the master end the run; the second ends all pods at once.

        Raises:
            NotLaunched: when the master does not start.
            KubeError: when the API stays away.
        """
        over = threading.Event()
        stops: list[int] = []

        def stop(_number: int) -> None:
            stops.append(_number)
            threading.Thread(target=self.stop, args=(len(stops) > 1,), daemon=True).start()

        threading.Thread(target=self._tell_troubles, args=(over,), daemon=True).start()
        try:
            with on_signals(stop):
                code = self._watch()
            # The master was told to end; the word was ours.
            return 128 + stops[0] if stops and code == SIGTERM else code
        finally:
            over.set()

    def wait_for_records(self) -> None:
        """Until all pods have sent their records home; what stays is ended and said."""
        for job in (self.master, self.worker):
            if pods.wait_for(partial(self._has_ended, job), HOME_S) is None:
                say(f"the pods of Job {job} do not end: they are deleted")
                self.delete(job)

    def stop(self, at_once: bool = False) -> None:  # noqa: FBT001, FBT002 - what it is called with
        """Have the master end the run as SIGTERM does, or delete all pods of the run."""
        if at_once:
            say("ending all pods at once: records of the last seconds are lost")
            for job in (self.master, self.worker):
                self.delete(job)
            return
        say("stopping: calls under way are waited for, records are fetched")
        with suppress(KubeError):
            for pod in pods.pods_of_job(self.cluster, self.run.namespace, self.master):
                self.cluster.delete(PODS.path(self.run.namespace, pod["metadata"]["name"]))

    def delete(self, job: str) -> None:
        """Delete a Job and its pods, which are given their time."""
        with suppress(KubeError):
            self.cluster.delete(self._job(job), {"propagationPolicy": "Foreground"})

    def give_up(self) -> None:
        """Delete what was made of the run."""
        for job in (self.master, self.worker):
            self.delete(job)

    def _watch(self) -> int:
        pod = pods.wait_for(self._master_pod, START_S)
        if pod is None:
            self.give_up()
            raise NotLaunched(f"the master's pod did not start within {START_S:g} s")
        if not pod:
            self.give_up()
            raise KeyboardInterrupt  # ended before it began: there is nothing to bring home
        name = pod["metadata"]["name"]
        is_over = partial(self._has_code, name)
        for line in follow_log(self.cluster, self.run.namespace, name, pods.CONTAINER, is_over):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        code = self._code(name)
        return BAD_CONFIGURATION if code is None else code

    def _master_pod(self) -> Json | None:
        """Once it has started; {} when its Job has ended without that."""
        found = pods.pods_of_job(self.cluster, self.run.namespace, self.master)
        for trouble in pods.hopeless_troubles(found):
            self.give_up()
            raise NotLaunched(f"the master's pod does not start: {trouble.in_words}")
        if not found and self._has_ended(self.master):
            return {}
        return next((pod for pod in found if pods.has_started(pod)), None)

    def _code(self, pod: str) -> int | None:
        """Of the master's Locust; 143 where its pod is gone: it was told to end."""
        try:
            return pods.exit_code(self.cluster.get(PODS.path(self.run.namespace, pod)))
        except NotFound:
            return SIGTERM

    def _has_code(self, pod: str) -> bool:
        return self._code(pod) is not None

    def _has_ended(self, job: str) -> bool:
        try:
            return pods.has_ended(self.cluster, self.run.namespace, job)
        except NotFound:
            return True
        except KubeError:
            return False

    def _tell_troubles(self, over: threading.Event) -> None:
        told: set[tuple[str, str]] = set()
        while not over.wait(LOOK_S):
            with suppress(KubeError):
                self._tell_new(told)

    def _tell_new(self, told: set[tuple[str, str]]) -> None:
        there: Sequence[Json] = pods.pods_of_run(self.cluster, self.run.namespace, self.run.run_id)
        for trouble in pods.all_troubles(list(there)):
            if (trouble.pod, trouble.reason) not in told:
                told.add((trouble.pod, trouble.reason))
                say(f"pod {trouble.pod} does not start: {trouble.in_words}")

    def _job(self, name: str) -> str:
        return JOBS.path(self.run.namespace, name)


def load_by_pods(launch: Launch, results: Path) -> int:
    """Make a run's pods, follow the run to its end and bring its records home.

    Returns:
        The master's exit code, or 5 when the records could not be fetched.

    Raises:
        NotLaunched: when the pods cannot be made or do not start; none is left then.
        GoesOn: when the API is lost while the run goes on.
    """
    run = launch.run
    later = f"python -m experiment fetch {run.run_id} --namespace {run.namespace}"
    launch.start()
    try:
        code = launch.watch()
        if code == BAD_CONFIGURATION:
            launch.give_up()  # the workers would look for their master for hours
            return code
        launch.wait_for_records()
    except KubeError as error:
        raise GoesOn(f"{error}; run {run.run_id} goes on: {later}") from None
    try:
        fetched = fetch_run(Depot(launch.cluster, run.namespace), run.run_id, results)
    except ExperimentError as error:
        say(f"the records were not fetched: {error}; try: {later}")
        return highest([code, RECORDS_NOT_WRITTEN])
    say(f"{len(fetched.new)} files fetched into {fetched.folder}")
    return code
