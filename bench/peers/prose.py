"""The sentences of docs/benchmarks.md that no run changes, and how text is broken into lines."""

import textwrap
from collections.abc import Mapping

_WIDTH = 130
FIGURES = "images/benchmarks"
"""Where figures are, beside the document."""


def filled(text: str, indent: str = "") -> str:
    """A paragraph in lines as the other documents have them; `indent` from the second on."""
    return textwrap.fill(
        " ".join(text.split()),
        _WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


HEAD = (
    """Made by `make bench`, and by nothing else: text, tables and figures come from one run of
    `python -m bench.peers`. `make bench-peers` installs the others.""",
    """All call one server that does nothing and notes when calls arrive
    ([bench/noop_server](../bench/noop_server/)): what is said of arrivals is what the server saw,
    not what a client says of itself. Server and client have a core each. Within a repetition each
    client meets each load once, in turn; figures are medians over repetitions. **Read ratios within
    a table**: they hold better than the figures, which belong to this machine and its
    neighbours.""",
)
SATURATED = """64 calls under way on one connection. Ours has no such mode: it sends what its plan
    says, and is offered about what one process holds (seen beside it: what arrived; what could not
    leave in time is unsent). *The transport alone* makes 64 calls at a time without Locust, its
    events and the records: no load generator, but what a call over the wire costs. *The core alone*
    is the h2 transport on a plain socket, without gevent, as the engine in a process of its own has
    it. CPU of all of the client's processes (for ours also of the one that writes the records, and
    of the engine); what the same takes for a quarter of the time is taken off, and so are its
    calls: start and end cost the same however many calls are between."""
STALL = """Measured once. A client that waits for answers sends little during a stall, so it sees
    few of the calls that would have waited: its percentiles are those of the calls it did make."""
FIDELITY = """*Off the law*: how far a gap between arrivals is, on average, from what it would be
    under the law, in mean gaps (Wasserstein distance). It is the one measure that equidistant and
    Poisson arrivals share; a perfect Poisson process of n gaps has some 1 / √n of it, a perfect
    equidistant one none. *CV*: 0 for equidistant, 1 for Poisson. *KS D*: distance to the law of
    Poisson's gaps. *Variance / mean of 0.1 s*: of counts; near 0 for equidistant, 1 for Poisson.
    *Lag*: how late calls left, which only ours tells. *Latency*: as each client says, ours from the
    intended time, the others from when they got round to sending. AIPerf speaks HTTP, to the same
    server on a port of its own: its arrivals can be compared, its CPU a request cannot. It is
    measured once, and at 50 calls a second alone: its processes, which are several, have one core
    as all clients have, and at 500 they use it up."""
PACING = """Poisson arrivals. Where calls cannot leave when they are due, the verdict says so, and
    unsent calls are counted."""
SKEW = """A simulation with the project's own plan and schedule: nothing is sent. Arrivals are dealt
    to four members whose clocks are off by draws from a normal law with this standard deviation;
    what would arrive is all their sendings in order, and each figure is the mean of twenty draws.
    *Blocks of 1 s*: each member sends every fourth second alone, so that only the edges feel the
    clocks, but each has to carry the whole rate. So equidistant arrivals over several members are
    as good as their clocks: a run is SUSPECT from a clock error of 5 % of the mean gap on
    ([verdict.md](verdict.md)). Dealing by the hash leaves Poisson arrivals Poisson."""
SPIN_ERROR = """The spin worker, one call at a time: CPU time that it burnt more than asked."""
SPIN_PROBE = """What a health check waits, fifty times a second, beside calls that spin for 200 ms:
    the worker and its spins have one core."""
NOT_QUIET = """**The machine was not quiet**: other work shared the cores. Lags, high percentiles
    and gaps then tell of the neighbours as well; CPU a request and the size of large ratios hold
    best."""
ONCE = """**A reduced run**: each client met each load once, so nothing here is a median, and a
    figure that a neighbour spoiled stands as it was. `make bench` makes three repetitions (of
    pacing two)."""
CONDITIONS = (
    """- fortio's gRPC can only ask for health, so its calls are health checks; the server treats
    them alike.""",
    """- h2load speaks HTTP/2 and not gRPC: it counts answers without reading their status.""",
    """- ghz is the newest of which the Go module can be had; its project has made releases
    since.""",
    """- k6 is not among them: it is under the AGPL, and nothing under it is installed here.""",
    """- AIPerf is made for inference servers: embeddings of four words are asked for, and answered
    with one number. Its services are processes of their own and have to share the one core.""",
    """- All clients have one core, also those in Go, which could use more.""",
)
ALWAYS = """- Neither ghz, fortio nor h2load tells its lag, makes Poisson arrivals or keeps a row
    for each arrival, which is part of what ours uses its CPU for. AIPerf makes Poisson arrivals and
    keeps a row for each request."""
SHOWN = {
    "cpu": "CPU a request of each client, on a logarithmic scale",
    "stall": "Latency by percentile as each client tells it, with the arithmetic",
    "gaps-uniform": "Distribution of gaps of equidistant arrivals at the server, by rate",
    "gaps-poisson": "Distribution of gaps of Poisson arrivals at the server, by rate",
    "off-plan": "How far equidistant arrivals are off their plan, by rate",
    "lag": "Lag of our sendings by rate",
    "skew": "Spacing of arrivals of four members by the skew of their clocks, by rule of dealing",
    "spin": "Error of spins, and latency of health checks beside spins",
}


def image(figures: Mapping[str, str], name: str) -> list[str]:
    """The lines that show a figure, if there is one; figures are file names by what they show."""
    return [f"![{SHOWN[name]}]({FIGURES}/{figures[name]})", ""] if name in figures else []
