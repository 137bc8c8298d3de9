"""The simulator against its oracles, as the table of docs/simulator.md.

`python -m tests.simulator.validation` prints it: mean of repetitions and its standard error, beside
what theory, or Knative's own code, says. The tests named in it assert the same.
"""

import math
import sys

import numpy as np

from tests.simulator.autoscaler.golden import decisions, load_sequences
from tests.simulator.system.oracles import erlang_c_wait_s, in_system_at, md_c_wait_s, pooled
from tests.simulator.system.systems import fixed, poisson_s, run, scaled
from tests.simulator.system.test_queueing_theory import (
    SERVICE_S,
    constant,
    exponential,
    hyperexponential,
    lasted_s,
    waits_s,
)
from tests.simulator.system.test_quotas import end_alone_s, limited
from tests.simulator.system.test_shares import shared_out_s

THEORY, QUOTAS, SHARES = "test_queueing_theory", "test_quotas", "test_shares"
LOAD = 10.0


def rows():
    """Check, oracle, what it says, what the simulator says, test."""
    yield _decisions()
    for servers, load in ((4, 0.8), (16, 0.85)):
        rate = servers * load / SERVICE_S
        erlang, crommelin = (
            oracle(servers, rate, SERVICE_S) for oracle in (erlang_c_wait_s, md_c_wait_s)
        )
        found = _wait(servers, load, exponential)
        yield f"wait, M/M/{servers} at {load}", "Erlang C", _s(erlang), found, THEORY
        found = _wait(servers, load, constant)
        yield f"wait, M/D/{servers} at {load}", "Crommelin, exact", _s(crommelin), found, THEORY
    yield "longest wait, D/D/16 at 1", "arithmetic", "0 s", _s(_longest_wait_s()), THEORY
    for name, work_of in (("D", constant), ("M", exponential), ("H2", hyperexponential)):
        found = _mean(lasted_s(1, 0.6, work_of))
        where = f"time in system, M/{name}/1 shared, at 0.6"
        yield where, "s / (1 - load)", _s(SERVICE_S / 0.4), found, THEORY
    expected = SERVICE_S + erlang_c_wait_s(4, 6.4, SERVICE_S)
    found = _mean(lasted_s(4, 0.8, constant, pods=2, length_s=1000))
    yield "time in system, M/D/4 shared, at 0.8", "that of M/M/4", _s(expected), found, THEORY
    yield "mean, variance in system, M/D/inf", "Poisson", "10, 10", _in_system(), THEORY
    yield little_row()
    expected = md_c_wait_s(4, 5.6, SERVICE_S)
    found = _mean(shared_out_s(12, 3, 0.7))
    yield "wait, 12 pods of 3 activators at 0.7", "3 times M/D/4", _s(expected), found, SHARES
    yield limited_row()


def _decisions():
    made = [row for spec, seconds in load_sequences() for row in decisions(spec, seconds)]
    equal = sum(theirs == ours for theirs, ours, _ in made)
    what = "decisions: averages, pods, excess burst capacity"
    return what, "Knative's own code, 1.22", f"{len(made)}", f"{equal} equal", "test_golden"


def _wait(servers, load, work_of):
    return _mean(waits_s(servers, load, work_of))


def _longest_wait_s():
    found = run(np.arange(2000) * SERVICE_S / 16, SERVICE_S, fixed(16))
    return float(np.abs(found.start_s - found.due_s).max())


def _in_system():
    found = run(poisson_s(LOAD / SERVICE_S, 20_000, 1), SERVICE_S, fixed(1, concurrency=0))
    counted = in_system_at(found.due_s, found.end_s, np.arange(5, 20_000, SERVICE_S))
    return f"{counted.mean():.2f}, {counted.var():.2f}"


def little_row():
    found = run(poisson_s(20.0, 900, 1), 0.3, scaled(duration_s=900, cores=8.0))
    late = found.decisions["at_s"] >= 120
    calls = found.due_s >= 120
    latency_s = (found.end_s - found.due_s)[calls].mean()
    expected = calls.sum() / 780 * latency_s
    observed = found.decisions["stable_value"][late].mean()
    what = "calls at once, as the autoscaler averages them"
    return what, "Little: rate times latency", f"{expected:.2f}", f"{observed:.2f}", "test_scaled"


def limited_row():
    works_s, begins_s = (0.004, 0.05, 0.1, 0.33), (0.0, 0.03, 7.96)
    errors_s = [
        abs(
            run([begin_s], work_s, limited(cores_a_pod=cores)).end_s[0]
            - end_alone_s(begin_s, work_s, cores / 10)
        )
        for work_s in works_s
        for begin_s in begins_s
        for cores in (0.1, 0.25, 0.5, 0.9, 2.0)
    ]
    what = "end of one call under a CPU limit, 60 settings"
    return what, "counting periods", "error 0 s", f"at most {max(errors_s):.0e} s", QUOTAS


def _mean(estimates):
    mean, error = pooled(estimates)
    return f"{_s(mean)} ± {_s(error)}"


def _s(seconds):
    return "0 s" if math.isclose(seconds, 0.0, abs_tol=1e-9) else f"{seconds:.4f} s"


if __name__ == "__main__":
    lines = ["| check | oracle | expected | simulated | test |", "| --- | --- | --- | --- | --- |"]
    sys.stdout.write("\n".join(lines) + "\n")
    for what in rows():
        sys.stdout.write(f"| {' | '.join(what)} |\n")
