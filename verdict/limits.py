"""The one table of what makes a run SUSPECT or INVALID.

The rules read their limits here and `docs/verdict.md` shows the same rows (a test compares them).
"""

from dataclasses import dataclass

LAG_FLOOR_S = 0.001
LAG_SHARE_OF_IDEAL = 0.05
STALL_S = 0.1
LAW_P_VALUE = 1e-3


@dataclass(frozen=True)
class Limit:
    """One reason to distrust a run.

    Attributes:
        reason: Its short name in summaries, JUnit files and documents.
        compared: The quantity that is compared with the limits.
        suspect: Above this the run is SUSPECT; None when the reason never makes it so.
        invalid: Above this it is INVALID; None likewise.
        unit: How the limits are written: "share", "times", "s", "" (a plain number) or "count".
        remedy: What to do about it, as an imperative.
    """

    reason: str
    compared: str
    suspect: float | None
    invalid: float | None
    unit: str
    remedy: str

    def level_of(self, value: float) -> str | None:
        """INVALID, SUSPECT or None for a value of the compared quantity."""
        if self.invalid is not None and value > self.invalid:
            return "INVALID"
        if self.suspect is not None and value > self.suspect:
            return "SUSPECT"
        return None


_ROWS = (
    Limit(
        "nothing-sent",
        "whether the measured phase has no arrival that was sent",
        None,
        0,
        "count",
        "check the rate, the duration and the warm-up; the reasons of the unsent arrivals say more",
    ),
    Limit(
        "counts-disagree",
        "arrivals by which planned = sent + unsent or sent = ok + failed + unfinished is off,"
        " or that appear twice",
        None,
        0,
        "count",
        "fetch the files of every member and judge again; if it stays, the run is lost",
    ),
    Limit(
        "records-not-written",
        "whether a member could not write all its records",
        None,
        0,
        "count",
        "see to the error it names, often disk space or permissions under --records;"
        " then repeat the run",
    ),
    Limit(
        "planned-vs-sent",
        "share of the planned arrivals that were not sent, of the whole run or of the measured"
        " phase, whichever is more; one arrival alone is never INVALID, and SUSPECT only above 1 %",
        0.001,
        0.01,
        "share",
        "lower the rate, add members or raise --max-in-flight, as the reason of the unsent says",
    ),
    Limit(
        "lag",
        "p99 of sent - intended (below 100 arrivals the second largest) over the larger of 1 ms"
        " and 5 % of the ideal, or of the median service latency where no ideal is known",
        1,
        4,
        "times",
        "give the generator a core of its own, lower the rate or add members",
    ),
    Limit(
        "generator-stall",
        "share of the arrivals sent later than the larger of 100 ms and 4 times the lag limit;"
        " one arrival alone does not count",
        0.001,
        None,
        "share",
        "find what froze the generator: a paused or throttled process, swap, blocking code in a"
        " task",
    ),
    Limit(
        "arrival-law",
        "random laws: Kolmogorov-Smirnov distance D of the gaps as sent, in operational time, to"
        " the law; only where p < 0.001 as well",
        0.06,
        0.12,
        "",
        "lower the rate or add members; gaps are only as true as the lag is small against them",
    ),
    Limit(
        "arrival-spacing",
        "equidistant, or a trace: coefficient of variation of the gaps as sent around the planned"
        " ones, in operational time; from 20 gaps on",
        0.15,
        0.5,
        "",
        "lower the rate or add members; gaps are only as true as the lag is small against them",
    ),
    Limit(
        "member-lost",
        "members that were lost during the run",
        0,
        None,
        "count",
        "see why the member ended (memory limit, eviction, node) and repeat the run",
    ),
    Limit(
        "clock-error",
        "largest error of a member's clock against the conductor's",
        0.1,
        None,
        "s",
        "place the members nearer to the master, or use fewer",
    ),
    Limit(
        "clock-error-spacing",
        "equidistant, several members: largest clock error over the mean gap",
        0.05,
        None,
        "share",
        "use fewer members or a random law, which small clock errors do not harm",
    ),
    Limit(
        "late-plan",
        "plans that reached a member after they took effect",
        0,
        None,
        "count",
        "look at the network and the CPU of the master; avoid edits while it is busy",
    ),
    Limit(
        "engine-died",
        "engine processes (`--engine process`) that died during the run",
        0,
        None,
        "count",
        "see what ended it (memory limit, a person) and repeat the run; its last calls are in the"
        " records as unfinished, with the class generator",
    ),
    Limit(
        "generator-cpu",
        "CPU of the busiest generator process, in cores of the one it can use",
        0.9,
        None,
        "share",
        "add members (--processes) or lower the rate",
    ),
    Limit(
        "littles-law",
        "difference between the area under the calls in flight (sends and ends, as they happened)"
        " and the sum of the recorded service latencies, over that area",
        0.02,
        None,
        "share",
        "keep the run folder and report it: sends, completions and latencies disagree",
    ),
    Limit(
        "not-steady",
        "change of the mean latency when the part before it settles is left out, or its drift over"
        " half of the phase; constant rate, no overload, at least 10 windows",
        0.05,
        None,
        "share",
        "use the suggested --warm-up or a longer --duration",
    ),
    Limit(
        "client-queueing",
        "share of the calls that waited in the client for a free stream; one call alone does not"
        " count",
        0.001,
        None,
        "share",
        "raise --connections: a call that waits for a stream is not offered load",
    ),
    Limit(
        "one-instance",
        "share of the replies of one instance while others were there for at least a fifth of the"
        " measured phase",
        0.9,
        None,
        "share",
        "raise --connections, or route through a layer that balances requests, not connections;"
        " nothing where calls seldom overlap and containerConcurrency is 1 to 3: the activator"
        " fills one pod first",
    ),
)

LIMITS = {row.reason: row for row in _ROWS}


def limits_table() -> str:
    """The table as Markdown: the text between the marks in `docs/verdict.md`."""
    head = [
        "| reason | what is compared | SUSPECT | INVALID | what to do |",
        "|---|---|---|---|---|",
    ]
    return "\n".join(head + [_markdown_row(limit) for limit in _ROWS])


def _markdown_row(limit: Limit) -> str:
    cells = (
        f"`{limit.reason}`",
        limit.compared,
        _say_limit(limit.suspect, limit.unit),
        _say_limit(limit.invalid, limit.unit),
        limit.remedy,
    )
    return "| " + " | ".join(cells) + " |"


def _say_limit(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    if unit == "count" and value == 0:
        return "any"
    return {
        "share": f"> {100 * value:g} %",
        "times": f"> {value:g} x",
        "s": f"> {1000 * value:g} ms",
    }.get(unit, f"> {value:g}")
