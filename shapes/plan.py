"""The plan of a run: everything its members send is a function of this value."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from shapes.errors import InvalidValue
from shapes.laws import TRACE, parse_law
from shapes.operational_time import MAX_NANO, NANO
from shapes.quantities import MAX_SEED
from shapes.rate_log import RateLog
from shapes.schedule import Schedule
from shapes.traces.plain import trace_from_dict
from shapes.traces.process import Trace

PLAN_FORMAT = 1
DIGEST_ARRIVALS = 1024

RequestValue = str | int | float | bool | None


class InvalidPlan(InvalidValue):
    """A plan that breaks its rules, or a message that is not a plan."""


@dataclass(frozen=True)
class MemberChange:
    """From `at_s` on the members are these, in the order in which arrivals are dealt."""

    at_s: float
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """One version of a run's plan. All `_s` are seconds from the epoch unless said otherwise.

    Attributes:
        run_id: The run it belongs to.
        version: Rises by one with each change.
        seed: 0 to 2^64 - 1.
        law: Text of a law, as "poisson" or "bursty:3".
        epoch_s: The epoch on the conductor's monotonic clock.
        rates: The rate over time.
        members: Who sends, by time.
        duration_s: Arrivals lie in [0, duration_s); None for no planned end.
        stop_s: Only arrivals before it are sent; None while nobody asked to stop.
        warm_up_s: Arrivals before it are not part of the measured phase.
        request: What is sent; opaque here.
        rates_edited_s: When the newest edit of the rates takes effect.
        trace: What takes a law's place when the law is "trace".

    Raises:
        InvalidPlan: when a value is not valid.
    """

    run_id: str
    version: int
    seed: int
    law: str
    epoch_s: float
    rates: RateLog
    members: tuple[MemberChange, ...] = ()
    duration_s: float | None = None
    stop_s: float | None = None
    warm_up_s: float = 0.0
    request: Mapping[str, RequestValue] = field(default_factory=dict)
    rates_edited_s: float = 0.0
    trace: Trace | None = None

    def __post_init__(self) -> None:
        _check_identity(self)
        _check_times(self)
        _check_members(self.members)
        _check_countable(self)

    @cached_property
    def end_s(self) -> float:
        """When the plan ends: its duration or its stop, whichever is first; inf for neither."""
        # Kept, for the dispatcher asks at each arrival.
        ends = (end_s for end_s in (self.duration_s, self.stop_s) if end_s is not None)
        return min(ends, default=math.inf)

    def with_rate_edit(
        self, at_s: float, to_rps: float, ramp_rps_per_s: float | None = None
    ) -> "Plan":
        """The next version, its rate going to `to_rps` from `at_s` on (`RateLog.edited`).

        Raises:
            InvalidValue: before the last edit of the rates, or for values that are not valid.
        """
        _check_order("rate edit", at_s, self.rates_edited_s)
        return self._next(
            rates=self.rates.edited(at_s, to_rps, ramp_rps_per_s), rates_edited_s=at_s
        )

    def with_scale(self, at_s: float, factor: float) -> "Plan":
        """The next version, its rates from `at_s` on times `factor` (`RateLog.scaled_from`).

        Raises:
            InvalidValue: before the last edit of the rates, or for values that are not valid.
        """
        _check_order("rate edit", at_s, self.rates_edited_s)
        return self._next(rates=self.rates.scaled_from(at_s, factor), rates_edited_s=at_s)

    def with_members(self, at_s: float, ids: tuple[str, ...]) -> "Plan":
        """The next version, its members being `ids` from `at_s` on.

        Raises:
            InvalidValue: before the last change of members, or for ids that are not valid.
        """
        _check_order("member change", at_s, self.members[-1].at_s if self.members else 0.0)
        earlier = (change for change in self.members if change.at_s < at_s)
        return self._next(members=(*earlier, MemberChange(at_s, tuple(ids))))

    def with_stop(self, at_s: float) -> "Plan":
        """The next version, stopping at `at_s`, or at the stop it has when that is earlier.

        Raises:
            InvalidValue: for a time that is not valid.
        """
        return self._next(stop_s=at_s if self.stop_s is None else min(at_s, self.stop_s))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for messages and files: `from_dict` gives back an equal plan."""
        plain = {f.name: _plain(f.name, getattr(self, f.name)) for f in fields(self)}
        plain["rates"] = self.rates.to_list()
        plain["members"] = [[float(change.at_s), list(change.ids)] for change in self.members]
        plain["request"] = dict(self.request)
        del plain["trace"]
        if self.trace is not None:  # plans without one read as they always did
            plain["trace"] = self.trace.to_dict()
        return {"format": PLAN_FORMAT, **plain}

    @classmethod
    def from_dict(cls, message: object) -> "Plan":
        """The plan that `to_dict` wrote.

        Raises:
            InvalidPlan: for another format, missing or unknown keys, wrong types, invalid values.
        """
        values = _fields_of(message)
        try:
            values["rates"] = RateLog.from_list(values["rates"])
            values["members"] = tuple(_member_change(row) for row in values["members"])
            if "trace" in values:
                values["trace"] = trace_from_dict(values["trace"])
            return cls(**values)
        except InvalidPlan:
            raise
        except (InvalidValue, TypeError, ValueError) as error:
            raise InvalidPlan(f"plan message is not valid: {error}") from None

    def digest(self, first_k: int) -> str:
        """SHA-256, in hex, of this plan and of its next `DIGEST_ARRIVALS` arrivals from `first_k`.

        Two members with equal digests agree on what is planned, and their CPUs compute it alike.
        """
        arrivals = Schedule(self).arrivals(first_k, DIGEST_ARRIVALS)
        plain = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=True)
        digest = hashlib.sha256(plain.encode())
        digest.update(arrivals.k.astype("<i8").tobytes())
        digest.update(arrivals.intended_s.astype("<f8").tobytes())
        return digest.hexdigest()

    def _next(self, **changes: Any) -> "Plan":
        return replace(self, version=self.version + 1, **changes)


def _plain(name: str, value: Any) -> Any:
    # A whole number of seconds must read the same in every digest.
    return float(value) if name.endswith("_s") and value is not None else value


def _check_order(what: str, at_s: float, last_s: float) -> None:
    if not last_s <= at_s < math.inf:
        raise InvalidValue(f"{what} at {at_s!r} s; valid: from the last one, {last_s!r} s, on")


def _check_identity(plan: Plan) -> None:
    try:
        is_trace = parse_law(plan.law).name == TRACE
    except InvalidValue as error:
        raise InvalidPlan(str(error)) from None
    if is_trace != (plan.trace is not None):
        raise InvalidPlan(f"law is {plan.law!r}; valid: {TRACE!r} with a trace, else another")
    if not plan.run_id or not _is_whole(plan.version) or plan.version < 0:
        raise InvalidPlan(
            f"plan is {plan.run_id!r} version {plan.version!r}; valid: a run id and 0, 1, 2, ..."
        )
    if not _is_whole(plan.seed) or not 0 <= plan.seed <= MAX_SEED:
        raise InvalidPlan(f"seed is {plan.seed!r}; valid: a whole number from 0 to {MAX_SEED}")
    if not all(isinstance(value, RequestValue) for value in plan.request.values()):
        raise InvalidPlan(f"request is {plan.request!r:.80}; valid: plain values")


def _check_times(plan: Plan) -> None:
    if not math.isfinite(plan.epoch_s):
        raise InvalidPlan(f"epoch_s is {plan.epoch_s!r}; valid: a finite number of seconds")
    if plan.duration_s is not None and not 0 < plan.duration_s < math.inf:
        raise InvalidPlan(f"duration_s is {plan.duration_s!r}; valid: seconds above 0, finite")
    for name in ("stop_s", "warm_up_s", "rates_edited_s"):
        value = getattr(plan, name)
        if value is not None and not 0 <= value < math.inf:
            raise InvalidPlan(f"{name} is {value!r}; valid: seconds, at least 0, finite")


def _check_members(members: tuple[MemberChange, ...]) -> None:
    times = [change.at_s for change in members]
    is_rising = all(a < b for a, b in pairwise([-1.0, *times, math.inf]))
    if not is_rising or any(at_s < 0 for at_s in times):
        raise InvalidPlan(f"members change at {times!r:.80}; valid: seconds from 0 on, rising")
    for change in members:
        if len(set(change.ids)) < len(change.ids) or not all(change.ids):
            raise InvalidPlan(f"members are {change.ids!r:.80}; valid: different, non-empty ids")


def _check_countable(plan: Plan) -> None:
    if plan.end_s < math.inf and plan.rates.integral(plan.end_s) >= MAX_NANO / NANO:
        raise InvalidPlan(
            f"plan has {plan.rates.integral(plan.end_s):.3g} arrivals until {plan.end_s!r} s; "
            f"valid: at most {MAX_NANO / NANO:.3g}"
        )


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_NUMBER = (int, float)
_TYPES: dict[str, tuple[type, ...]] = {
    "run_id": (str,),
    "version": (int,),
    "seed": (int,),
    "law": (str,),
    "epoch_s": _NUMBER,
    "rates": (list, tuple),
    "members": (list, tuple),
    "duration_s": (*_NUMBER, type(None)),
    "stop_s": (*_NUMBER, type(None)),
    "warm_up_s": _NUMBER,
    "request": (dict,),
    "rates_edited_s": _NUMBER,
}


def _fields_of(message: object) -> dict[str, Any]:
    """The fields of a plan in a message, each there and of its type."""
    if not isinstance(message, Mapping) or message.get("format") != PLAN_FORMAT:
        raise InvalidPlan(f"plan message is {message!r:.80}; valid: a plan of format {PLAN_FORMAT}")
    if (given := set(message) - {"format", "trace"}) != set(_TYPES):
        odd = sorted(map(str, given ^ set(_TYPES)))
        raise InvalidPlan(f"plan message lacks or adds {odd}; valid: {sorted(_TYPES)}")
    for name, types in _TYPES.items():
        if not isinstance(message[name], types) or isinstance(message[name], bool):
            raise InvalidPlan(f"{name} is {message[name]!r:.80}; valid: {_type_names(types)}")
    return {name: message[name] for name in message if name != "format"}


def _type_names(types: tuple[type, ...]) -> str:
    return " or ".join(kind.__name__ for kind in types)


def _member_change(row: Any) -> MemberChange:
    at_s, ids = row
    if isinstance(ids, str) or not all(isinstance(member, str) for member in ids):
        raise InvalidPlan(f"members are {ids!r:.80}; valid: a list of ids")
    return MemberChange(float(at_s), tuple(ids))
