"""`--check` expressions: a metric, a comparison and a number, as "p99<800ms"."""

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapes.errors import InvalidValue
from shapes.quantities import parse_duration_s, parse_number
from verdict.wording import say_number, say_share, say_time

_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_EXPRESSION = re.compile(r"\s*([a-z0-9_.]+)\s*(<=|>=|<|>)\s*(\S.*?)\s*")
QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p999": 0.999}


@dataclass(frozen=True)
class Metric:
    """A number of the summary that can be checked.

    Attributes:
        path: Keys that lead to it in the summary.
        unit: "time", "share" or "number".
    """

    path: tuple[str, ...]
    unit: str


def _metrics() -> dict[str, Metric]:
    table = {name: Metric(("latency_s", name), "time") for name in (*QUANTILES, "mean", "max")}
    for prefix, key in (("lag", "lag_s"), ("service", "service_s")):
        table |= {f"{prefix}_{q}": Metric((key, q), "time") for q in QUANTILES}
    table |= {
        f"slowdown_{q}": Metric(("slowdown", q), "number") for q in (*QUANTILES, "mean", "max")
    }
    table["success"] = Metric(("success",), "share")
    table["cold"] = Metric(("cold", "share"), "share")
    table["rps"] = Metric(("ok_rps",), "number")
    return table


METRICS = _metrics()


@dataclass(frozen=True)
class Check:
    """One expression, parsed.

    Attributes:
        text: As it was given.
        metric: A key of `METRICS`.
        op: "<", "<=", ">" or ">=".
        limit: In seconds, as a share, or a plain number.
    """

    text: str
    metric: str
    op: str
    limit: float


@dataclass(frozen=True)
class CheckResult:
    """What a check found.

    Attributes:
        text: The check's text.
        metric: Its metric.
        measured: The value; +inf when it was not reached, None when there is none.
        passed: Whether the comparison holds; never without a value.
        said: One sentence.
    """

    text: str
    metric: str
    measured: float | None
    passed: bool
    said: str


def parse_check(text: str) -> Check:
    """Read an expression: "p99<800ms", "success>=99.9%", "slowdown_p99<=2", "rps>45".

    Raises:
        InvalidValue: quoting the text and what is valid.
    """
    match = _EXPRESSION.fullmatch(text)
    if match is None or match[1] not in METRICS:
        raise InvalidValue(
            f"check is {text!r}; valid: METRIC<NUMBER with <, <=, > or >= and one of "
            f"{', '.join(METRICS)}, as p99<800ms or success>=99.9%"
        )
    return Check(text.strip(), match[1], match[2], _parse_limit(text, METRICS[match[1]], match[3]))


def _parse_limit(text: str, metric: Metric, number: str) -> float:
    if metric.unit == "time":
        if not number[-1].isalpha():
            raise InvalidValue(f"check is {text!r}; valid: a time with its unit, as 800ms or 2s")
        return parse_duration_s(number)
    scale = 0.01 if metric.unit == "share" and number.endswith("%") else 1.0
    given = parse_number(number.removesuffix("%") if scale != 1.0 else number)
    limit = math.nan if given is None else scale * given
    if not 0 <= limit < math.inf or (metric.unit == "share" and limit > 1):
        valid = "a share from 0 to 1, or 0% to 100%" if metric.unit == "share" else "a number >= 0"
        raise InvalidValue(f"check is {text!r}; valid: {valid} after the comparison")
    return limit


def evaluate(checks: Sequence[Check], summary: Mapping[str, Any]) -> list[CheckResult]:
    """Every check on a summary: see `verdict.summary` for its layout."""
    return [_evaluate(check, summary) for check in checks]


def _evaluate(check: Check, summary: Mapping[str, Any]) -> CheckResult:
    metric = METRICS[check.metric]
    measured = _measured(metric, summary)
    if measured is None:
        said = f"{check.metric} has no value, {check.text}: missed"
        return CheckResult(check.text, check.metric, None, False, said)
    passed = holds(check, measured)
    said = f"{check.metric} {_say(measured, metric.unit)}, {check.text}: "
    return CheckResult(
        check.text, check.metric, measured, passed, said + ("met" if passed else "missed")
    )


def holds(check: Check, measured: float) -> bool:
    """Whether a value meets the check."""
    return _OPERATORS[check.op](measured, check.limit)


def _measured(metric: Metric, summary: Mapping[str, Any]) -> float | None:
    """The summary's number, +inf for null; None when nothing was sent or it was not known."""
    if summary["success"] is None:
        return None
    *outer, last = metric.path
    block = summary[outer[0]] if outer else summary
    if block is None or (block is summary and block[last] is None):
        return None
    return math.inf if block[last] is None else float(block[last])


def _say(value: float, unit: str) -> str:
    return {"time": say_time, "share": say_share}.get(unit, say_number)(value)
