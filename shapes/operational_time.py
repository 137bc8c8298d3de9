"""The unit in which arrivals are planned before any rate is known.

Operational time is the number of arrivals expected so far: a unit-rate process on it becomes
arrivals in seconds through the inverse of the rate's integral (Çinlar, "Introduction to Stochastic
Processes", 1975, section 4.7). Held as int64 nano-units, sums of it are exact.
"""

NANO = 1_000_000_000
"""Nano-units in one expected arrival."""

MAX_NANO = 2**62
"""No arrival is planned from here on: about 4.6e9 arrivals, 53 days at 1000 rps."""
