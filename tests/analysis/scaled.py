"""A run on a Service that scales from zero: pods with one call at a time each, and who watched."""

import heapq
from collections import Counter

import numpy as np

from records.manifest import read_manifest, write_manifest
from records.schema import CallRecord
from shapes.rate_log import RateLog, RateSegment
from shapes.schedule import Schedule
from tests.analysis.fakes import make_plan, write_run
from tests.replica_rows import end_of, gap, mode, panic, scale, start_of, write_replicas

RATES = RateLog((RateSegment(0.0, 20.0), RateSegment(60.0, 40.0), RateSegment(90.0, 20.0)))
READY_S = (3.2, 3.6, 5.9, 8.3, 64.5, 66.0, 72.8)
CREATED_S = (0.4, 0.9, 2.6, 2.7, 61.2, 61.3, 62.9)
KNATIVE = {
    "service": {
        "namespace": "loadtest",
        "name": "worker",
        "container_concurrency": 1,
        "annotations": {"autoscaling.knative.dev/max-scale": "8"},
    },
    "config": {"config-autoscaler": {"container-concurrency-target-percentage": "70"}},
    "versions": {"knative": "1.15", "kubernetes": "1.34"},
}


def scaled_run(root, run_id="scaled", *, ended=True, rows=None, knative=KNATIVE, **plan):
    """The folder of such a run of two minutes, its observer's file in it.

    `rows` in place of what was observed; none at all where nobody watched.
    """
    made = make_plan(run_id, **{"rates": RATES, "duration_s": 120.0, "warm_up_s": 0.0, **plan})
    folder = write_run(root, made, _served(made))
    manifest = read_manifest(folder)
    write_manifest(folder, type(manifest)(**{**vars(manifest), "knative": knative}))
    watched = observed() if rows is None else rows
    if watched:
        write_replicas(folder, *watched, ended=ended)
    return folder


def pod_name(number):
    return f"worker-00001-deployment-7c9f-{number}"


def observed():
    """What an observer saw: up from zero, a panic, a second load, a gap, two pods taken away."""
    starts = zip(CREATED_S, READY_S, strict=True)
    return [
        scale(-2.0, 0), mode(-2.0, "Proxy"), panic(-2.0, on=False),
        scale(0.2, 2), scale(2.4, 4), panic(2.4, on=True), panic(62.4, on=False),
        mode(30.0, "Serve"), mode(61.0, "Proxy"),
        scale(61.0, 7), scale(105.0, 5),
        *(start_of(pod_name(n), *times) for n, times in enumerate(starts)),
        end_of(pod_name(5), 105.4, 115.0), end_of(pod_name(6), 105.5, 115.2),
        gap(40.0, 46.0),
    ]  # fmt: skip


def _served(plan):
    schedule = Schedule(plan)
    arrivals = schedule.arrivals(0, schedule.planned_before(plan.end_s))
    rng = np.random.default_rng(plan.seed)
    free = [(ready_s, n) for n, ready_s in enumerate(READY_S)]
    heapq.heapify(free)
    seen = Counter()
    rows = zip(arrivals.k.tolist(), arrivals.intended_s.tolist(), strict=True)
    return [_call(plan, row, free, seen, rng) for row in rows]


def _call(plan, row, free, seen, rng):
    k, intended_s = row
    sent_s = intended_s + 0.0002 * rng.lognormal(0, 0.5)
    phase = "warm-up" if intended_s < plan.warm_up_s else "measured"
    common = (k, phase, "/spin.v1.Spinner/Spin", "m0", intended_s, sent_s)
    if 30.0 < intended_s < 31.0:
        lost = ("failed", "UNAVAILABLE", "platform", "upstream reset")
        return CallRecord(*common, sent_s + 0.004, *lost, spin_s=0.1)
    free_s, pod = heapq.heappop(free)
    begun_s = max(free_s, sent_s + 0.001)
    wall_s = 0.1 * (1 + 0.01 * rng.exponential())
    heapq.heappush(free, (begun_s + wall_s, pod))
    seen[pod] += 1
    return CallRecord(
        *common, begun_s + wall_s + 0.001, "ok", "OK", spin_s=0.1, instance_id=f"i{pod}",
        instance_seq=seen[pod], pod=pod_name(pod), worker_queue_s=0.0001,
        worker_wall_s=wall_s, worker_cpu_s=0.1, throttled_s=0.0,
    )  # fmt: skip
