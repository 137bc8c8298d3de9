"""A calibration from its target: connect, call in isolation, and say how it was done."""

from collections.abc import Mapping, Sequence
from typing import Any

from experiment.calibration.isolated import isolated_calls
from experiment.calibration.kinds import row_kind, spin_kinds
from experiment.calibration.spread import Spread, spread_of
from experiment.doctor.question import Question
from grpc_user.channels import ChannelSettings, open_channel
from grpc_user.targets import Target
from records.calibration import Calibration


def calibrate_spins(
    target: Target,
    settings: ChannelSettings,
    spins_s: Sequence[float],
    calls: int,
    question: Question | None = None,
) -> tuple[Calibration, list[Spread]]:
    """The isolated time of the spin call at each spin.

    Raises:
        NotCalibrated: when a call fails, or others call at the same time.
        InvalidValue: when a TLS file cannot be read.
    """
    with open_channel(target, settings) as channel:
        kinds = spin_kinds(channel, spins_s, question or Question())
        spreads = [spread_of(one) for one in isolated_calls(kinds, calls)]
    pairs = sorted(
        (spin_s, spread.median_s) for spin_s, spread in zip(spins_s, spreads, strict=True)
    )
    return Calibration(by_spin=tuple(pairs), how=_how(target, calls, spreads)), spreads


def calibrate_call(
    target: Target, settings: ChannelSettings, question: Question, calls: int
) -> tuple[Calibration, list[Spread]]:
    """The isolated time of any other call, over its rows by turn.

    Raises:
        NotCalibrated: when the method is not known, the data does not fit it, or a call fails.
        InvalidValue: when data or a TLS file cannot be read.
    """
    with open_channel(target, settings) as channel:
        (answers,) = isolated_calls([row_kind(channel, question)], calls)
    spread = spread_of(answers)
    how = {**_how(target, calls, [spread]), "call": question.method}
    return Calibration(ideal_s=spread.median_s, how=how), [spread]


def _how(target: Target, calls: int, spreads: Sequence[Spread]) -> Mapping[str, Any]:
    return {
        "target": target.text,
        "calls": calls,
        "quartiles_s": [[spread.low_s, spread.high_s] for spread in spreads],
        "contention_s": [spread.contention_s for spread in spreads],
        "instances": max(spread.instances for spread in spreads),
    }
