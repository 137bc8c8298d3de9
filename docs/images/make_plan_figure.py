"""Draw plan.svg from a real plan: `PYTHONPATH=. python docs/images/make_plan_figure.py`."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from shapes.plan import MemberChange, Plan
from shapes.rate_log import RateLog, RateSegment
from shapes.schedule import Schedule

COLOURS = {"w0": "#0072B2", "w1": "#D55E00", "w2": "#009E73"}
END_S = 12.0


def edited_plan() -> Plan:
    """2 rps, edited at 4 s to 6 rps with a ramp of 2 rps/s; w1 is lost and replaced by nobody."""
    start = Plan(
        run_id="figure",
        version=1,
        seed=7,
        law="poisson",
        epoch_s=0.0,
        rates=RateLog((RateSegment(0.0, 2.0),)),
        members=(MemberChange(0.0, ("w0", "w1", "w2")),),
        duration_s=END_S,
    )
    return start.with_rate_edit(4.0, 6.0, 2.0).with_members(8.0, ("w0", "w2"))


def draw(plan: Plan) -> Figure:
    """Rate, its integral with the unit process beside it, and who sends what."""
    figure = Figure(figsize=(8, 6.4), layout="constrained")
    rate, integral, owners = figure.subplots(3, 1, sharex=True, height_ratios=(2, 4, 2))
    times_s = np.linspace(0, END_S, 600)
    arrivals = Schedule(plan).arrivals(0, 1000)
    expected = plan.rates.integral(arrivals.intended_s)
    rate.plot(times_s, [plan.rates.rate_at(t) for t in times_s], color="black")
    rate.set_ylabel("rate, rps")
    rate.set_title(
        "the rate log: 2 rps, edited at 4 s to 6 rps with a ramp", loc="left", fontsize=10
    )
    integral.plot(times_s, plan.rates.integral(times_s), color="black")
    integral.hlines(expected, 0, arrivals.intended_s, color="0.8", linewidth=0.6)
    integral.vlines(arrivals.intended_s, 0, expected, color="0.8", linewidth=0.6)
    integral.plot(np.zeros_like(expected), expected, "_", color="black", clip_on=False)
    integral.set_ylabel("operational time\n(arrivals expected)")
    integral.set_title(
        "the unit process (left edge) goes through the integral of the rate to the intended times",
        loc="left",
        fontsize=10,
    )
    draw_owners(owners, plan, arrivals)
    return figure


def draw_owners(axes, plan: Plan, arrivals) -> None:  # noqa: ANN001 - matplotlib's axes, our arrivals
    """One row a member, one mark an arrival."""
    whose = Schedule(plan).owners(arrivals)
    for row, (member, colour) in enumerate(COLOURS.items()):
        mine = arrivals.intended_s[whose == member]
        axes.plot(mine, np.full(len(mine), row), "|", color=colour, markersize=14)
    axes.axvline(8.0, color="0.5", linestyle=":")
    axes.set_yticks(range(3), COLOURS)
    axes.set_ylim(2.6, -0.6)
    axes.set_xlabel("seconds from the epoch")
    axes.set_title(
        "dealt by hash(seed, k): each member's share is Poisson; from 8 s on without w1",
        loc="left",
        fontsize=10,
    )


if __name__ == "__main__":
    draw(edited_plan()).savefig(Path(__file__).with_name("plan.svg"), metadata={"Date": None})
