"""Which load shape is active: none, the locustfile's only one, or the one that was asked for.

Locust activates the first shape it finds. A locustfile that offers several, one a law, must not
surprise who asked for none of them.
"""

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from locust import LoadTestShape

from shapes.errors import InvalidValue
from shapes.laws import TRACE, parse_law
from shapes.load_test_shapes import PlannedShape

CONSTANT = "constant"


class AnyLawShape(PlannedShape):
    """Shows the rate of a profile whose law no shape of the locustfile stands for."""

    law = ""


def choose_shape(
    options: Namespace, available: Mapping[str, LoadTestShape], picked: LoadTestShape | None = None
) -> LoadTestShape | None:
    """The shape that the options select.

    Args:
        options: Locust's parsed options with ours.
        available: The locustfile's shapes by class name.
        picked: What the web page's class picker selected, if anything.

    Raises:
        InvalidValue: when the asked shape is unknown, its law is not the distribution asked for,
            or a rate is asked for beside a shape with a rate of its own.
    """
    shape = _named(options, available) or picked or _by_profile(options, available)
    if shape is None and len(available) == 1:
        shape = next(iter(available.values()))
    if shape is not None:
        _refuse_other_law(options, shape)
        _refuse_other_rate(options, shape)
    return shape


def shape_law(shape: LoadTestShape | None) -> str | None:
    """The law that a shape of ours stands for; None for none and for other people's shapes."""
    return getattr(shape, "law", None) or None


def _named(options: Namespace, available: Mapping[str, LoadTestShape]) -> LoadTestShape | None:
    if not options.shape:
        return None
    if options.shape not in available:
        names = ", ".join(sorted(available)) or "none: the locustfile has no load shape"
        raise InvalidValue(f"--shape {options.shape} is not in the locustfile; valid: {names}")
    return available[options.shape]


def _by_profile(options: Namespace, available: Mapping[str, LoadTestShape]) -> LoadTestShape | None:
    """A rate that varies needs a shape: the locustfile's for that law, else one for any law."""
    if (options.rate_profile or CONSTANT) == CONSTANT:
        return None
    if options.rate_profile.startswith(TRACE):
        return AnyLawShape()  # type: ignore[no-untyped-call]  # as Locust has it
    law = parse_law(options.distribution).text if options.distribution else _only_law(available)
    fitting = [shape for shape in available.values() if shape_law(shape) == law]
    return fitting[0] if fitting else AnyLawShape()  # type: ignore[no-untyped-call]  # as Locust has it


def _only_law(available: Mapping[str, LoadTestShape]) -> str:
    laws = [law for law in (shape_law(shape) for shape in available.values()) if law]
    return laws[0] if len(laws) == 1 else "uniform"


def _refuse_other_law(options: Namespace, shape: LoadTestShape) -> None:
    law = shape_law(shape)
    if law and options.distribution and parse_law(options.distribution).text != law:
        raise InvalidValue(
            f"--distribution {options.distribution} and load shape {type(shape).__name__} disagree "
            f"(its arrivals are {law}); valid: the shape of that law, or no --distribution"
        )


def _refuse_other_rate(options: Namespace, shape: LoadTestShape) -> None:
    """A shape of ours shows the rate that was asked for; of all others, the users are the rate."""
    if options.rps and not isinstance(shape, PlannedShape):
        raise InvalidValue(
            f"--rps {options.rps} and load shape {type(shape).__name__} disagree: its users are "
            "the rate; valid: leave the rate out"
        )


def activate(environment: Any, shape: LoadTestShape | None) -> None:
    """Make the shape the environment's active one."""
    if shape is not None:
        shape.runner = environment.runner
    environment.shape_class = shape
