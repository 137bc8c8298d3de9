"""How to read a comparison."""

METHOD = """
B is compared with A pair by pair: runs of the same cell and repetition, which had the same
arrivals. The warm-up of a pair is the larger of what was asked for and of the cut of MSER-5 in
either run.

From five pairs on, the interval is Student's over the pairs' logarithms of B / A. From one pair it
comes from batches of calls that have the same number in both runs, for means and success only: it
knows nothing of what differs from run to run. From two to four pairs there is none.

The answer for several cells is the mean logarithm over those in which the target kept up in all
runs, each as heavy as any other. Single cells carry Holm's correction over all cells.

A limit FAILs where the interval of a cell lies wholly beyond it (with Holm's correction), it
PASSes where the intervals of all cells lie within it, else it is INCONCLUSIVE.

How often these intervals cover the truth was measured: docs/method.md.
"""
