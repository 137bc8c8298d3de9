"""Print a hash of the arrivals of every law and of a ramped, edited plan: `name hash` lines."""

import hashlib

from shapes.laws import parse_law
from shapes.plan import Plan
from shapes.rate_profiles import parse_rate_profile
from shapes.schedule import Schedule
from shapes.unit_process import unit_process

LAWS = ("uniform", "poisson", "uniform-gap", "bursty:3", "bursty:100")


def hashes() -> dict[str, str]:
    """SHA-256, in hex, by name."""
    parts = {law: _process_bytes(law) for law in LAWS}
    parts["plan"] = _plan_bytes()
    return {name: hashlib.sha256(part).hexdigest() for name, part in parts.items()}


def _process_bytes(law: str) -> bytes:
    process = unit_process(parse_law(law), 20_240_229)
    stretches = ((0, 50_000), (1_000_000, 5_000), (3_000_000, 5_000))
    return b"".join(process.slice(*stretch).astype("<i8").tobytes() for stretch in stretches)


def _plan_bytes() -> bytes:
    rates = parse_rate_profile("diurnal:100,90,60s", 1.0, 120.0).log
    plan = Plan("golden", 0, 7, "poisson", 0.0, rates, duration_s=200.0)
    edited = plan.with_rate_edit(70.0, 300.0, 7.0).with_scale(90.0, 1.1)
    return Schedule(edited).arrivals(0, 100_000).intended_s.astype("<f8").tobytes()


if __name__ == "__main__":
    for name, value in hashes().items():
        print(name, value)  # noqa: T201 - its output is what it is for
