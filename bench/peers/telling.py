"""What a reader has to know of a run: machine, its neighbours, versions, what is missing."""

import time
from collections import Counter
from collections.abc import Mapping

from bench.peers.prose import CONDITIONS, NOT_QUIET, ONCE, filled
from bench.peers.rows import Results

_QUIET_LOAD = 0.5


def machine_lines(results: Results) -> list[str]:
    """How quiet the machine was, in a sentence or two."""
    about = results.about
    load, steal, busy = (_number(about[name]) for name in ("load_1min", "steal", "busy"))
    told = f"load average {load:.1f} before the run"
    told += "" if busy is None else f", {busy:.0%} of all cores' time used in it"
    told += "" if steal is None else f", {steal:.1%} taken by other guests of the host"
    lines = [filled(f"This run: {about['cpu_model']}, {about['cores']} cores; {told}.")]
    if about["reps"] == 1:
        lines += ["", filled(ONCE)]
    if load is None or load > _QUIET_LOAD:
        lines += ["", filled(NOT_QUIET)]
    return lines


def how_made(results: Results) -> list[str]:
    """Commands, lengths, versions, and what is missing."""
    about = results.about
    options = f"--seconds {about['seconds']:g} --reps {about['reps']}"
    lines = [
        f"- `python -m bench.peers {options}` on {_day(about)}, in {_minutes(about)} min.",
        f"- Kernel {about['kernel']}; server: {about['server']}.",
        *(f"- {name}: {version}" for name, version in _programs(about)),
    ]
    if isinstance(missing := about["missing"], list) and missing:
        lines.append(f"- Not here, so left out: {', '.join(missing)}.")
    failed = (f"- No figures of {row.client}, {row.mode}" for row in results.rows if row.error)
    lines += [f"{told}, {count} x." for told, count in Counter(failed).items()]
    return [*lines, *(filled(text, "  ") for text in CONDITIONS)]


def _programs(about: Mapping[str, object]) -> list[tuple[str, object]]:
    """One version for each program, under the first of its names."""
    versions = about["versions"]
    assert isinstance(versions, dict), "written so"
    first: dict[str, tuple[str, object]] = {}
    for name, version in versions.items():
        first.setdefault(name.split()[0].rstrip(","), (name, version))
    return [(program, version) for program, (_, version) in first.items()]


def _day(about: Mapping[str, object]) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(float(str(about["began_unix_s"]))))


def _minutes(about: Mapping[str, object]) -> str:
    return f"{float(str(about['lasted_s'])) / 60:.1f}"


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
