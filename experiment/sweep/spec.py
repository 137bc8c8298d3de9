"""What a sweep is asked to be: a preset or a YAML file, checked before anything happens."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from experiment.errors import ExperimentError
from experiment.sweep.presets import PRESETS
from experiment.sweep.refusal import first_refusal, keys_of
from experiment.sweep.values import (
    CheckText,
    DurationS,
    InitialText,
    LawText,
    Name,
    RatesRps,
    SomeDurationS,
)
from records.sweeps.planned import OVERLOAD_RULES, Arm
from shapes.errors import InvalidValue
from shapes.quantities import MAX_SEED, VALID_DURATION, VALID_RATE

AS_IS = "as-is"
MOST_REPETITIONS = 1000
_VALID_NAME = "valid: up to 24 letters, digits, - and _"
_STRICT = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class BadSpec(ExperimentError):
    """A sweep that cannot be made as asked."""


class ArmSpec(BaseModel):
    """One arm: a name, and what is changed for it."""

    model_config = _STRICT
    name: Name = Field(description=_VALID_NAME)
    settings: dict[str, Any] = Field(
        default_factory=dict, description="valid: settings and their values"
    )


class Pin(BaseModel):
    """Cores by their numbers."""

    model_config = _STRICT
    generator: tuple[int, ...] = Field(min_length=1, description="valid: numbers of cores")
    worker: tuple[int, ...] = Field(min_length=1, description="valid: numbers of cores")


class SweepSpec(BaseModel):
    """All that a sweep's file may say. `docs/sweeps.md` explains each key.

    Attributes named `_s` are seconds; in the file their keys have no `_s`, for there a time is
    written as "12m".
    """

    model_config = _STRICT
    name: Name = Field(description=_VALID_NAME)
    ground: Literal["local", "cluster", "simulated"] | None = Field(
        None, description="valid: local, cluster, simulated"
    )
    rates_rps: RatesRps = Field(
        min_length=1,
        description=f"{VALID_RATE}; a list of them, or {{from: 5, to: 50, step: 5}}",
    )
    laws: tuple[LawText, ...] = Field(
        ("uniform", "poisson"),
        min_length=1,
        description="valid: a list of uniform, poisson, uniform-gap, bursty:CV",
    )
    spins_s: tuple[SomeDurationS, ...] = Field(
        (0.1,), alias="spins", min_length=1, description="valid: a list of times, as [100ms, 1s]"
    )
    duration_s: SomeDurationS = Field(alias="duration", description=VALID_DURATION)
    warm_up_s: DurationS = Field(0.0, alias="warm_up", description=VALID_DURATION)
    repetitions: int = Field(
        5,
        ge=1,
        le=MOST_REPETITIONS,
        description=f"valid: a whole number from 1 to {MOST_REPETITIONS}",
    )
    seed: int | None = Field(
        None, ge=0, le=MAX_SEED, description=f"valid: a whole number from 0 to {MAX_SEED}"
    )
    arms: tuple[ArmSpec, ...] = Field(
        (ArmSpec(name=AS_IS),),
        min_length=1,
        description="valid: a list of {name: NAME, settings: {...}}",
    )
    cores: float | None = Field(
        None, gt=0, le=1e6, description="valid: the number of cores of what is under load"
    )
    overload: Literal["run", "probe", "skip"] = Field(
        "probe", description=f"valid: {', '.join(OVERLOAD_RULES)}"
    )
    calibrate: bool = Field(True, description="valid: true, false")
    probe_s: SomeDurationS = Field(60.0, alias="probe", description=VALID_DURATION)
    checks: tuple[CheckText, ...] = Field(
        (), description='valid: a list of limits, as ["p99<800ms", "success>=0.999"]'
    )
    timeout_s: SomeDurationS = Field(30.0, alias="timeout", description=VALID_DURATION)
    settle_s: DurationS = Field(0.0, alias="settle", description=VALID_DURATION)
    wait_s: SomeDurationS = Field(300.0, alias="wait", description=VALID_DURATION)
    initial: InitialText | None = Field(
        None, description="valid: zero, N ready (as '2 ready'), new-revision"
    )
    ksvc: str | None = Field(
        None, pattern=r"^[^/\s]+/[^/\s]+$", description="valid: NAMESPACE/NAME of a Knative Service"
    )
    in_cluster: int | None = Field(
        None, ge=1, le=100, description="valid: a whole number of worker pods, 1 to 100"
    )
    model: dict[str, Any] = Field(
        default_factory=dict, description="valid: options of the simulator, as {cores: 8}"
    )
    host: str | None = Field(None, description="valid: HOST:PORT of what is under load")
    pin: Pin | Literal["apart"] | None = Field(
        None, description="valid: apart, or {generator: [0], worker: [1]}"
    )
    locust: tuple[str, ...] = Field(
        (), description='valid: a list of further options of Locust, as ["--connections=4"]'
    )

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.warm_up_s >= self.duration_s:
            raise InvalidValue(
                f"warm_up is {self.warm_up_s:g} s and duration {self.duration_s:g} s; "
                "valid: a warm_up shorter than the duration"
            )
        for key, values in (
            ("rates_rps", self.rates_rps),
            ("laws", self.laws),
            ("spins", self.spins_s),
            ("arms", [arm.name for arm in self.arms]),
        ):
            _refuse_repeated(key, values)
        return self

    def as_mapping(self) -> dict[str, Any]:
        """Plain values under the keys of the file, defaults filled in, times in seconds."""
        plain: dict[str, Any] = self.model_dump(mode="json", by_alias=True)
        return plain

    def planned_arms(self) -> tuple[Arm, ...]:
        """The arms as a sweep's plan has them."""
        return tuple(Arm(arm.name, dict(arm.settings)) for arm in self.arms)


_PARTS = {"arms": ArmSpec}


def read_spec(asked: str) -> SweepSpec:
    """The sweep that a preset's name or a file asks for.

    Raises:
        BadSpec: naming the key, what was given and what is valid.
    """
    if asked in PRESETS:
        return spec_from(PRESETS[asked], asked)
    return spec_from({"name": _name_of(Path(asked)), **read_mapping(asked)}, asked)


def read_mapping(asked: str) -> dict[str, Any]:
    """The keys of a YAML file.

    Raises:
        BadSpec: when it cannot be read or holds none.
    """
    try:
        value = yaml.safe_load(Path(asked).read_bytes())
    except OSError as error:
        raise BadSpec(
            f"{asked}: {error.strerror}; valid: a file, or one of the presets {', '.join(PRESETS)}"
        ) from None
    except yaml.YAMLError as error:
        raise BadSpec(f"{asked} is no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(value, dict):
        raise BadSpec(f"{asked} holds no keys; valid keys: {', '.join(keys_of(SweepSpec))}")
    return value


def spec_from(value: Mapping[str, Any], where: str) -> SweepSpec:
    """The sweep that a mapping describes.

    Raises:
        BadSpec: naming the key, what was given and what is valid.
    """
    try:
        return SweepSpec.model_validate(dict(value))
    except ValidationError as error:
        raise BadSpec(f"{where}: {first_refusal(SweepSpec, _PARTS, error)}") from None


def _refuse_repeated(key: str, values: Any) -> None:
    repeated = sorted({str(value) for value in values if list(values).count(value) > 1})
    if repeated:
        raise InvalidValue(f"{key} has {repeated[0]} twice; valid: each once")


def _name_of(path: Path) -> str:
    kept = "".join(one if one.isalnum() and one.isascii() else "-" for one in path.stem)
    return kept.strip("-")[:24].strip("-") or "sweep"
