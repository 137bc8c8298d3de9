"""What was measured: one row for each client, load and repetition, as JSON keeps it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Row:
    """One measurement.

    Attributes:
        mode: "fidelity", "saturated", "stall" or "pacing".
        client: Its name.
        repetition: From 1.
        rate_rps: What was asked for; None for as fast as it can.
        law: "uniform" or "poisson".
        values: Figures by name, with their units in it.
        curves: Quantiles at equal steps from 0 to 1, by name.
        level: The client's own verdict; "" where it gives none.
        error: Why there are no figures; "" where there are.
    """

    mode: str
    client: str
    repetition: int
    rate_rps: float | None
    law: str
    values: Mapping[str, float] = field(default_factory=dict)
    curves: Mapping[str, Sequence[float]] = field(default_factory=dict)
    level: str = ""
    error: str = ""


@dataclass(frozen=True)
class Results:
    """One run of the benchmark.

    Attributes:
        about: The machine, how busy it was, versions, options, clients that were not here.
        rows: In the order in which they were measured.
    """

    about: Mapping[str, object]
    rows: Sequence[Row]

    def of(self, mode: str, **wanted: object) -> list[Row]:
        """Rows with figures of a mode, with these attributes."""
        return [
            row
            for row in self.rows
            if row.mode == mode
            and not row.error
            and all(getattr(row, name) == value for name, value in wanted.items())
        ]


def middle(rows: Iterable[Row], value: str) -> float | None:
    """Median over repetitions; None where no row has the value."""
    known = [row.values[value] for row in rows if value in row.values]
    return median(known) if known else None


def write(path: Path, results: Results) -> None:
    """Write as JSON; the file is there as a whole or as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [asdict(row) for row in results.rows]
    said = {"schema_version": SCHEMA_VERSION, "about": dict(results.about), "rows": rows}
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(said, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    part.replace(path)


def read(path: Path) -> Results:
    """Read what `write` wrote.

    Raises:
        ValueError: for something else.
    """
    said = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(said, dict) or said.get("schema_version") != SCHEMA_VERSION:
        raise ValueError(f"{path} holds no results of schema version {SCHEMA_VERSION}")
    return Results(said["about"], [Row(**row) for row in said["rows"]])
