"""Plans and their parts, drawn at random for the property tests of this package."""

from hypothesis import strategies as st

from shapes.plan import MemberChange, Plan
from shapes.rate_log import RateLog, RateSegment

EVERYTHING = 200_000
"""More arrivals than any plan drawn here has, edits included."""

LAWS = ("uniform", "poisson", "uniform-gap", "bursty:3")

seeds = st.integers(0, 2**64 - 1)
law_texts = st.sampled_from(LAWS)
rates_rps = st.one_of(
    st.just(0.0), st.floats(0.05, 200.0), st.sampled_from([0.1, 7.0, 10.5, 1500.0])
)
slopes = st.one_of(st.just(0.0), st.floats(-20.0, 20.0))


@st.composite
def rate_logs(draw: st.DrawFn) -> RateLog:
    """Up to five pieces over some 20 s, level, rising, falling or idle; then a level rate."""
    starts = [0.0, *sorted(draw(st.sets(st.floats(0.01, 20.0), max_size=4)))]
    segments = []
    for start_s, end_s in zip(starts, [*starts[1:], None], strict=True):
        rate, slope = draw(rates_rps), draw(slopes)
        length_s = 0.0 if end_s is None else end_s - start_s
        is_possible = end_s is not None and rate + slope * length_s >= 0 and (rate or slope >= 0)
        segments.append(RateSegment(start_s, rate, slope if is_possible else 0.0))
    return RateLog(tuple(segments))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan of a few seconds without members."""
    return Plan(
        run_id="run",
        version=0,
        seed=draw(seeds),
        law=draw(law_texts),
        epoch_s=100.0,
        rates=draw(rate_logs()),
        duration_s=draw(st.floats(0.5, 25.0)),
    )


@st.composite
def member_changes(draw: st.DrawFn, most_members: int = 7) -> tuple[MemberChange, ...]:
    """Members from the epoch on, who then join and leave; at least one at any time."""
    times = [0.0, *sorted(draw(st.sets(st.floats(0.01, 20.0), max_size=4)))]
    names = [f"member-{i}" for i in range(most_members)]
    some = st.lists(st.sampled_from(names), min_size=1, unique=True)
    return tuple(MemberChange(at_s, tuple(draw(some))) for at_s in times)


def constant_plan(law: str, rate_rps: float, duration_s: float | None, seed: int = 1) -> Plan:
    """A plan of one rate and one member."""
    return Plan(
        run_id="run",
        version=0,
        seed=seed,
        law=law,
        epoch_s=0.0,
        rates=RateLog((RateSegment(0.0, rate_rps),)),
        members=(MemberChange(0.0, ("local",)),),
        duration_s=duration_s,
    )
