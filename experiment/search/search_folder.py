"""The folder of a search: `search.json` once, the answer at its end, all else as a sweep's."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from experiment.search.answer import Answer
from experiment.search.asked import Asked, BadSearch, refuse_other
from experiment.sweep.lock import LOCK_NAME
from records.json_file import read_json, write_json
from records.run_folder import TEMP_SUFFIX

SEARCH_NAME = "search.json"
ANSWER_NAME = "answer.json"
VERSION = 1
_MAY_BE_THERE = (LOCK_NAME, SEARCH_NAME + TEMP_SUFFIX)


def have_search(folder: Path, wanted: Asked, *, seed_given: bool) -> Asked:
    """The search of a folder: what is there when it is what is wanted, else that, written now.

    Args:
        folder: Of the search.
        wanted: What is asked for.
        seed_given: Whether its seed was; one that was drawn gives way to the recorded one.

    Raises:
        BadSearch: when something else is there.
        OSError: when it cannot be written.
    """
    path = folder / SEARCH_NAME
    if path.exists():
        there = _read(path)
        refuse_other(there, wanted, seed_given)
        return replace(wanted, seed=int(there["seed"]))
    others = sorted(one.name for one in folder.iterdir() if one.name not in _MAY_BE_THERE)
    if others:
        raise BadSearch(f"--out {folder} holds {others[0]} and no search; valid: an empty folder")
    write_json(path, {"version": VERSION, **wanted.as_dict()})
    return wanted


def write_answer(folder: Path, answer: Answer, sentences: list[str]) -> None:
    """Write what was found, for programs.

    Raises:
        OSError: when it cannot be written.
    """
    found = {**asdict(answer), "has_hysteresis": answer.has_hysteresis}
    write_json(folder / ANSWER_NAME, {"version": VERSION, **found, "sentences": sentences})


def _read(path: Path) -> Mapping[str, Any]:
    try:
        there = read_json(path)
    except (OSError, ValueError) as error:
        raise BadSearch(f"{path} cannot be read: {error}; valid: another --out") from None
    if there.get("version") != VERSION:
        raise BadSearch(f"{path} is of another version; valid: another --out")
    return there
