"""The ground as a sweep uses it, on a Service in the fake API, with runs that are a file."""

import copy
import signal
from pathlib import Path

import pytest

from experiment.errors import ExperimentError
from experiment.resources import JOBS
from experiment.sweep.carrying.process_table import started_of
from experiment.sweep.cluster.between_runs import BetweenRuns
from experiment.sweep.cluster.check_arms import AskedOfArms
from experiment.sweep.cluster.initial_state import parse_initial_state
from experiment.sweep.cluster.patched_service import ChangedByOthers, PatchedService
from experiment.sweep.cluster.service_ground import MARK, ClusterGround
from experiment.sweep.cluster.waits import Waits
from experiment.sweep.ground import ApiGone
from records.sweeps import Arm, Cell, LedgerEntry, PlannedRun
from tests.experiment.sweep.cluster.fake_knative import PATH

AS_IS = Arm("as-is", {})
WIDE = Arm("wide", {"containerConcurrency": 10})
RUN = PlannedRun(0, "r1", 1, Cell(2.0, "poisson", 0.1), "wide", 1, 7, 1.0, 0.0, None, "run")


class OneFile:
    """In place of `RunCommand`: runs that leave one file and end with a code."""

    def __init__(self, code="0", pods_namespace=None):
        self.code = code
        self.pods_namespace = pods_namespace

    def name(self, folder):
        return f"{folder.name}-in-cluster" if self.pods_namespace else folder.name

    def arguments(self, run, folder):
        made_in = str(folder.with_name(self.name(folder)))
        return ["tests.experiment.sweep.cluster.fake_run", made_in, self.code]

    def within_s(self, run):
        return 30.0


@pytest.fixture
def examined():
    return []


@pytest.fixture
def made(service_api, knative, tmp_path, examined):
    def make(*arms, state=None, command=None):
        waits = Waits(20.0, look_s=0.01)
        between = BetweenRuns(service_api, waits, "60s", 0.0)
        asked = AskedOfArms(arms, parse_initial_state(state) if state else None)
        look = lambda: examined.append(copy.deepcopy(knative.spec))  # noqa: E731
        return ClusterGround(
            tmp_path, PatchedService(service_api), between, asked, command or OneFile(), look
        )

    return make


def kept(lines):
    """What takes the begin of a run."""
    return lambda pid, **fields: lines.append({"pid": pid, **fields})


def folder_of(tmp_path: Path) -> Path:
    (tmp_path / "runs").mkdir(exist_ok=True)
    return tmp_path / "runs" / "r1"


def test_a_run_is_prepared_done_and_undone(made, knative, notes, tmp_path):
    before, ground, begun = copy.deepcopy(knative.spec), made(AS_IS, WIDE), []
    ground.check()
    ground.prepare(RUN, WIDE, notes)
    assert notes.events == ["arm-applied", "waited", "waited"]
    assert [line.get("for") for line in notes[1:]] == ["the revision to be ready", "zero"]
    assert ground.run(RUN, folder_of(tmp_path), kept(begun)) == 0
    assert (tmp_path / "runs" / "r1" / "here").exists()
    assert begun[0]["pid_started"]
    ground.restore(notes)
    knative.spec["template"]["spec"].pop("enableServiceLinks")
    assert knative.spec == before


def test_the_diff_of_every_arm_is_shown_before_the_first_run(made, capsys):
    made(AS_IS, WIDE).check()
    said = capsys.readouterr().err
    assert "sweep: arm 'as-is', shop/quote:\nsweep:   as it is\n" in said
    assert "sweep:   spec.template.spec.containerConcurrency: 1 -> 10\n" in said


def test_the_doctor_looks_once_however_many_runs_there_are(made, notes, examined):
    ground = made(AS_IS)
    for _ in range(3):
        ground.prepare(RUN, AS_IS, notes)
    assert len(examined) == 1


def test_a_fault_that_the_doctor_finds_stops_a_sweep_before_any_change(made, api, notes):
    ground = made(WIDE)

    def fault():
        raise ExperimentError("the port has no name")

    ground.examine = fault
    with pytest.raises(ExperimentError, match="port has no name"):
        ground.prepare(RUN, WIDE, notes)
    assert notes == []
    assert all("dryRun" in query for verb, _, query in api.queries if verb == "PATCH")


def test_every_run_has_a_revision_of_its_own_where_that_is_the_state(made, knative, notes):
    knative.spec["template"]["metadata"]["annotations"]["autoscaling.knative.dev/min-scale"] = "1"
    knative.edit()
    ground, revisions, marks = made(AS_IS, state="new-revision"), set(), set()
    for _ in range(3):
        ground.prepare(RUN, AS_IS, notes)
        revisions.add(knative.service["status"]["latestReadyRevisionName"])
        marks.add(knative.spec["template"]["metadata"]["annotations"][MARK])
        ground.between.called()
    assert len(revisions) == len(marks) == 3
    ground.restore(notes)
    assert MARK not in knative.spec["template"]["metadata"]["annotations"]


def test_a_sweep_that_goes_on_restores_before_it_looks_at_its_arms(made, knative, notes, examined):
    made(AS_IS, WIDE).prepare(RUN, WIDE, notes)
    examined.clear()
    again = made(AS_IS, WIDE)
    lines = [dict(line) for line in notes]
    again.service.remember(LedgerEntry(0.0, line.pop("event"), None, line) for line in lines)
    again.restore(notes)
    assert notes[-1]["for"] == "the revision to be ready"
    assert [spec["template"]["spec"]["containerConcurrency"] for spec in examined] == [1]


def test_a_run_during_which_somebody_changed_the_service_is_of_no_arm(
    made, knative, notes, tmp_path
):
    ground = made(WIDE)
    ground.prepare(RUN, WIDE, notes)

    def begun(pid, **fields):
        knative.edit(timeoutSeconds=5)

    with pytest.raises(ChangedByOthers, match="timeoutSeconds: 60 -> 5"):
        ground.run(RUN, folder_of(tmp_path), begun)


@pytest.fixture
def api_goes_away(made, api, notes, tmp_path):
    """A run that ends with a code while the API goes away."""

    def done(code):
        ground = made(AS_IS, command=OneFile(code))
        ground.prepare(RUN, AS_IS, notes)
        api.refuse(PATH, 503, "starting")
        return ground.run(RUN, folder_of(tmp_path), kept([]))

    return done


@pytest.mark.parametrize("code", ["0", "3", "4"])
def test_an_api_that_goes_away_spoils_no_run_that_has_ended(api_goes_away, code):
    assert api_goes_away(code) == int(code)


def test_an_api_that_goes_away_is_named_where_it_may_be_why_a_run_failed(api_goes_away):
    with pytest.raises(ApiGone, match="starting"):
        api_goes_away("2")


def test_a_run_by_pods_comes_home_under_the_name_that_the_sweep_has_for_it(
    made, api, notes, tmp_path
):
    api.objects.setdefault(JOBS.path("pods"), {})
    ground = made(AS_IS, command=OneFile(pods_namespace="pods"))
    ground.prepare(RUN, AS_IS, notes)
    begun = []
    assert ground.run(RUN, folder_of(tmp_path), kept(begun)) == 0
    assert (begun[0]["pods_namespace"], begun[0]["name"]) == ("pods", "r1-in-cluster")
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["r1"]


def test_an_orphan_is_ended_and_what_it_left_is_put_in_its_place(made, api, tmp_path):
    api.objects.setdefault(JOBS.path("pods"), {})
    begun = []
    ground = made(AS_IS, command=OneFile("for-ever", "pods"))

    def then_die(pid, **fields):
        begun.append({"pid": pid, "attempt": 1, **fields})
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ground.run(RUN, folder_of(tmp_path), then_die)
    (tmp_path / "runs" / "r1-in-cluster").mkdir()
    (tmp_path / "runs" / ".observed-r1-in-cluster").mkdir()
    ground.stop_orphan(LedgerEntry(0.0, "run-started", "r1", begun[0]))
    assert started_of(begun[0]["pid"]) is None
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["r1"]


def test_a_signal_ends_the_run_under_way(made, notes, tmp_path):
    ground = made(AS_IS, command=OneFile("for-ever"))
    ground.prepare(RUN, AS_IS, notes)
    before = signal.signal(signal.SIGALRM, lambda *_: ground.stop(signal.SIGTERM))
    signal.setitimer(signal.ITIMER_REAL, 1.0, 0.5)
    try:
        assert ground.run(RUN, folder_of(tmp_path), kept([])) in (137, 143)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
