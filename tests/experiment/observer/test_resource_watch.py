from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiment.observer.readers import WATCHED
from experiment.observer.resource_watch import ResourceWatch
from tests.experiment.observer.scripted_cluster import BREAKS, ScriptedCluster, ScriptedTime, broken
from tests.experiment.observer.things import REVISION, condition, pod, thing

BY_NAME = {each.resource.plural: each for each in WATCHED}
CONDITIONS = ("PodScheduled", "Initialized", "Ready")


def watch(plural, script, world=None, kind=ScriptedCluster):
    time, rows = ScriptedTime(), []
    cluster = kind([*script], time, dict(world or {}))
    ResourceWatch(
        cluster, BY_NAME[plural], "loadtest", "service=worker", tell=rows.append, clock=time
    ).run()
    return cluster, rows


def scaled(replicas):
    def change(world):
        world[REVISION] = thing(spec={"replicas": replicas})
        return REVISION

    return change


def deleted(name):
    def change(world):
        return name if world.pop(name, None) else ""

    return change


def seen_replicas(rows):
    return [row["replicas"] for row in rows if row["kind"] == "deployment"]


def gaps(rows):
    return [row for row in rows if row["kind"] == "gap"]


def test_what_is_there_is_listed_once_and_what_happens_is_watched():
    world = {REVISION: thing(spec={"replicas": 1})}
    cluster, rows = watch("deployments", [scaled(2), scaled(3)], world)
    assert seen_replicas(rows) == [1, 2, 3]
    assert (cluster.lists, gaps(rows)) == (1, [])


def test_a_watch_that_ends_in_its_time_goes_on_from_the_version_it_saw_last_and_is_no_gap():
    cluster, rows = watch("deployments", [scaled(1), "end", scaled(2)])
    assert seen_replicas(rows) == [1, 2]
    assert cluster.watched_from == [1, 2]
    assert (cluster.lists, gaps(rows)) == (1, [])


def test_after_a_break_it_goes_on_from_the_version_it_saw_last_and_misses_nothing():
    cluster, rows = watch("deployments", [scaled(1), "broken", scaled(2), scaled(3)])
    assert seen_replicas(rows) == [1, 2, 3]
    assert cluster.lists == 1


def test_a_version_that_is_too_old_is_listed_anew():
    cluster, rows = watch("deployments", [scaled(1), "long broken", scaled(2), scaled(3)])
    assert seen_replicas(rows) == [1, 3]
    assert cluster.lists == 2


def test_what_has_gone_meanwhile_is_told_after_the_new_list():
    world = {"worker-x": pod("worker-x")}
    _, rows = watch("pods", [changed_pod(1, "new"), "long broken", deleted("worker-x")], world)
    told = [row["phase"] for row in rows if row.get("pod") == "worker-x"]
    assert told == ["created", "gone"]


def test_a_break_is_a_gap_that_begins_when_it_is_noticed_and_ends_when_it_is_over():
    _, rows = watch("deployments", [scaled(1), "broken", "broken", "broken", scaled(2)])
    opened, closed = gaps(rows)
    assert opened["from_unix_s"] == closed["from_unix_s"]
    assert opened["to_unix_s"] == pytest.approx(opened["from_unix_s"], abs=0.01)
    assert closed["to_unix_s"] - closed["from_unix_s"] == pytest.approx(0.2 + 0.4 + 0.8, abs=0.1)
    assert closed["resource"] == "deployments"
    assert closed["reason"] == "the connection broke"


def test_a_silence_is_a_gap_since_something_was_last_heard():
    time, rows = ScriptedTime(), []
    cluster = ScriptedCluster([scaled(1), lambda _: later(time), "silent", scaled(2)], time)
    ResourceWatch(
        cluster, BY_NAME["deployments"], "loadtest", "", tell=rows.append, clock=time
    ).run()
    first = next(row for row in rows if row["kind"] == "deployment")
    assert gaps(rows)[0]["from_unix_s"] == first["at_unix_s"]
    assert gaps(rows)[-1]["to_unix_s"] - first["at_unix_s"] > 60


def later(time):
    time.now += 60
    return ""


def test_tries_within_a_gap_come_less_and_less_often():
    cluster, _ = watch("deployments", [*["broken"] * 8, scaled(1)])
    assert cluster.time.waits[:8] == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0]


def test_a_permission_taken_away_is_a_gap_that_names_it():
    _, rows = watch("pods", ["forbidden", "end"])
    assert gaps(rows)[0]["reason"] == "no permission to watch pods in namespace loadtest"


def test_an_object_that_is_not_as_known_is_a_gap_and_the_watch_goes_on():
    def strange(world):
        world["strange"] = {"metadata": {"name": "strange", "labels": "none"}}
        return "strange"

    class Passing(ScriptedCluster):
        def get(self, path, query=None):
            self.world.pop("strange", None)
            return super().get(path, query)

    _, rows = watch("deployments", [scaled(1), strange, scaled(2)], kind=Passing)
    assert seen_replicas(rows) == [1, 2]
    assert gaps(rows)[0]["reason"].startswith("not understood: AttributeError")


def test_a_gap_at_the_end_of_the_observation_is_told_up_to_there():
    time, rows = ScriptedTime(), []

    class Ending(ScriptedCluster):
        def get(self, path, query=None):
            time.over = len(time.waits) == 2
            raise broken("broken")

    ResourceWatch(
        Ending([], time), BY_NAME["pods"], "loadtest", "", tell=rows.append, clock=time
    ).run()
    assert len(gaps(rows)) == 2
    assert gaps(rows)[-1]["to_unix_s"] == pytest.approx(time.now, abs=0.01)


# Properties: whatever happens between whatever breaks.

steps = st.sampled_from(["end", "forget", *BREAKS])


def changed_deployment(name, replicas):
    if replicas is None:
        return deleted(name)

    def change(world):
        world[name] = {"metadata": {"name": name}, "spec": {"replicas": replicas}}
        return name

    return change


deployment_changes = st.builds(
    changed_deployment,
    st.sampled_from(["a", "b"]),
    st.one_of(st.none(), st.integers(0, 2)),
)


@given(st.lists(st.one_of(steps, deployment_changes), max_size=40))
def test_after_any_breaks_the_last_rows_are_the_apis_state_and_no_row_repeats_the_one_before(
    script,
):
    cluster, rows = watch("deployments", script)
    told = {}
    for row in (row for row in rows if row["kind"] == "deployment"):
        told.setdefault(row["revision"], []).append(row["replicas"])
    there = {name: each["spec"]["replicas"] for name, each in cluster.world.items()}
    last = {name: values[-1] for name, values in told.items()}
    assert {name: there.get(name, 0) for name in last} == last
    assert set(there) <= set(last)
    assert all(before != after for values in told.values() for before, after in pairwise(values))


def changed_pod(which, what):
    """The pod of that place ends for ever, or is changed; the next one there has a new name."""

    def change(world):
        there = [name for name in world if name.startswith(f"p{which}-")]
        if what == "new" and not there:
            name = f"p{which}-{id(change)}"
            world[name] = pod(name)
            return name
        if what == "new" or not there:
            return ""
        if what == "gone":
            del world[there[0]]
            return there[0]
        world[there[0]] = _toggled(world[there[0]], what)
        return there[0]

    return change


def _toggled(old, what):
    status = old["status"]
    holding = {each["type"] for each in status["conditions"] if each["status"] == "True"}
    if what in CONDITIONS:
        holding = holding ^ {what} if what == "Ready" else holding | {what}
    is_started = (what == "started") ^ bool(status["containerStatuses"])
    is_ending = what == "terminating" or "deletionTimestamp" in old["metadata"]
    return pod(
        old["metadata"]["name"],
        conditions=tuple(condition(each) for each in CONDITIONS if each in holding),
        started_s=(3,) if is_started else (),
        deleted_s=11 if is_ending else None,
    )


pod_changes = st.builds(
    changed_pod,
    st.integers(0, 1),
    st.sampled_from(["new", "gone", "started", "terminating", *CONDITIONS]),
)


@given(st.lists(st.one_of(steps, pod_changes), max_size=60))
def test_after_any_breaks_pods_are_told_to_their_end_and_no_transition_twice(script):
    cluster, rows = watch("pods", script)
    told = {}
    for row in (row for row in rows if row["kind"] == "pod"):
        told.setdefault(row["pod"], []).append(row["phase"])
    assert {name for name, phases in told.items() if phases[-1] != "gone"} == set(cluster.world)
    for name, phases in told.items():
        counts = Counter(phases)
        assert phases[0] == "created"
        assert all(counts[each] <= 1 for each in ("created", "scheduled", "terminating", "gone"))
        turns = [each for each in phases if each in {"ready", "unready"}]
        assert turns == ["ready", "unready"] * (len(turns) // 2) + ["ready"] * (len(turns) % 2)
        if name in cluster.world:
            assert _is_ready(cluster.world[name]) == (turns[-1:] == ["ready"])


def _is_ready(there):
    conditions = there["status"]["conditions"]
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
