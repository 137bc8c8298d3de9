"""What the document says beside its tables."""

REPETITIONS = 5
COMMAND = "python -m experiment.claims --out docs/claims.md"

TITLE = "# The original's claims, by simulation"

ABOUT = """\
**Everything here is SIMULATED: a model says it, nobody measured it.** The model, and how it was
checked: [simulator.md](simulator.md). A command writes this document, the same text each time:

```bash
{command}
```

The [load generator in Go](https://github.com/kasrahmi/intern-project) that this project grew from
claims that Poisson arrivals are slower than uniform ones, that slowdown rises with the rate and
with the spin, and more so under Poisson. It published slowdowns of 5.5 to 7.2 and a success rate of
100 % everywhere. Its numbers come from two local processes and never saw Knative. Here its whole
grid meets a model of one:

- **Load**: 5 to 50 rps by spins of 100 ms to 1 s, each uniform and Poisson: 200 cells. 12 minutes
  each, the first 4 left out, a deadline of 30 s, repetitions with seeds of their own: {seeds};
  {runs} runs in all. All systems meet the same arrivals.
- **Systems**: pods that stay (one a core, one call each, one queue); Knative's autoscaler with its
  defaults and containerConcurrency 1, and 0 (no limit), from one pod; each on 2, 16 and 64 cores,
  with calls that need CPU time. Pods take 2 s to start. And two workers as the original's own,
  which spin until a time on the wall clock is over, whatever they got of the cores.
- **Classes**: a cell is *stable* where no call fails and the load is below the cores; *marginal*
  where it is all that they can do, or some call fails; *overload* where more than 1 % fail.
  Overloaded cells are counted and never averaged; every effect is of stable cells.
- **Findings**: CONFIRMED where the whole 95 % interval is on the claim's side, REFUTED where it is
  on the other, BOUNDED where it is on both or within 1 % of no effect at all. Intervals are
  Student's t over repetitions, as in every sweep's report."""

RANKS = """\
Spearman's rank correlation of slowdown with rate, spin and load (rate times spin) over the cells
that are stable under Poisson: +1 where slowdown always rises, -1 where it always falls. A factor
for each doubling, as above, says how much; this says how regularly."""

LEVEL = """\
The original divides the average latency of all spins of a rate by the smallest latency of the whole
sweep. With spins of 100 ms to 1 s that is 550 / 100 = 5.5 where no call ever waits. Where calls
fail, only those that were answered are in it, as in the original. The last system is the one that
it measured: it published 5.5 to 6.2 for uniform arrivals, and 5.6 to 7.2 for what it called
Poisson."""

CELLS = """\
Mean slowdown with its 95 % interval over repetitions where that is wider than the last digit, or
the share of calls that fail."""

LIMITS = """\
## What this cannot say

- What a real cluster does: scheduling of pods, the network and the control plane's own use of the
  cores are not in the model ([what it leaves out](simulator.md#what-it-leaves-out)).
- What the original measured: its "Poisson" sent 1.6 times the rate, and its first rates fell to its
  warm-up rule. Neither is simulated here.
- A cell at a load of exactly all cores has no answer of its own: what the start left behind never
  drains, so it depends on the history."""
