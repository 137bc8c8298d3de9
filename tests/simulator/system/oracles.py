"""What queueing theory says, by other ways than simulation."""

import numpy as np
from scipy import signal, stats


def erlang_c_wait_s(servers, rate, service_s):
    """Mean wait of M/M/c: Erlang's formula, by its recursion in Erlang B."""
    load, blocked = rate * service_s, 1.0
    for server in range(1, servers + 1):
        blocked = load * blocked / (server + load * blocked)
    waits = blocked / (1 - (load / servers) * (1 - blocked))
    return waits * service_s / (servers - load)


def md_c_wait_s(servers, rate, service_s, states=600):
    """Mean wait of M/D/c, exactly (Crommelin): who is here a service time later are those that
    could not start now, and all that arrived meanwhile."""
    arrivals = stats.poisson.pmf(np.arange(states), rate * service_s)
    here = np.zeros(states)
    here[0] = 1.0
    for _ in range(100_000):
        left = np.zeros(states)
        left[0] = here[: servers + 1].sum()
        left[1 : states - servers] = here[servers + 1 :]
        later = np.maximum(signal.fftconvolve(left, arrivals)[:states], 0.0)
        later /= later.sum()
        if np.abs(later - here).sum() < 1e-12:
            break
        here = later
    return float(np.arange(states) @ here) / rate - service_s


def pooled(estimates):
    """Mean of independent repetitions and its standard error."""
    values = np.array(list(estimates))
    return values.mean(), values.std(ddof=1) / np.sqrt(len(values))


def in_system_at(due_s, end_s, at_s):
    """Calls that have arrived and have not ended, at each of the moments."""
    arrived = np.searchsorted(np.sort(due_s), at_s, side="right")
    return arrived - np.searchsorted(np.sort(end_s), at_s, side="right")
