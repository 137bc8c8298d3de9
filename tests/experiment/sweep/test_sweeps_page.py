"""What docs/sweeps.md says is so."""

import re
from pathlib import Path

import pytest
import yaml

from experiment.sweep.refusal import keys_of
from experiment.sweep.spec import SweepSpec, spec_from
from records.sweeps import ledger

PAGE = (Path(__file__).parents[3] / "docs" / "sweeps.md").read_text(encoding="utf-8")
EVENTS = [
    value
    for name, value in vars(ledger).items()
    if name.isupper() and isinstance(value, str) and not name.endswith("NAME")
]


def first_columns():
    cells = re.findall(r"^\| (`[^|]*`) \|", PAGE, flags=re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"`([^`]+)`", cell)}


@pytest.mark.parametrize("text", re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL))
def test_its_file_is_taken(text):
    assert spec_from(yaml.safe_load(text), "docs/sweeps.md").rates_rps


@pytest.mark.parametrize("key", keys_of(SweepSpec))
def test_every_key_has_its_line(key):
    assert key in first_columns()


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_its_line(event):
    assert event in first_columns()


def test_the_defaults_are_those_of_the_table():
    spec = spec_from({"name": "a", "rates_rps": [1], "duration": "10s"}, "a").as_mapping()
    assert (spec["repetitions"], spec["probe"], spec["timeout"], spec["wait"]) == (5, 60, 30, 300)
    assert (spec["overload"], spec["laws"], spec["spins"]) == (
        "probe",
        ["uniform", "poisson"],
        [0.1],
    )
