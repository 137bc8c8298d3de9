"""The last stage of a Dockerfile, as far as an image can be made of it without running anything."""

import json
import shlex
from dataclasses import dataclass, field
from pathlib import Path


class NotUnderstood(ValueError):
    """The Dockerfile says something that would need a daemon."""


@dataclass
class LastStage:
    """What the last stage says.

    Attributes:
        copies: Sources in the build context and the place they go to, for each COPY.
        taken: The places that other stages fill, as a virtual environment's folder.
    """

    copies: list[tuple[list[str], str]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    user: str = "0:0"
    folder: str = "/"
    entry: list[str] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)


WITHOUT_EFFECT = ("ARG", "LABEL", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "VOLUME")


def read_last_stage(path: Path) -> LastStage:
    """The stage.

    Raises:
        NotUnderstood: when it runs commands, or has no entry point in exec form.
    """
    stage = LastStage()
    for word, rest in _last_instructions(path.read_text()):
        if word not in WITHOUT_EFFECT:
            _take(stage, word, rest)
    if not stage.entry:
        raise NotUnderstood(f'{path}: the last stage has no ENTRYPOINT ["..."]')
    return stage


def _last_instructions(text: str) -> list[tuple[str, str]]:
    lines = [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    whole = "\n".join(lines).replace("\\\n", " ")
    parts = [line.strip().partition(" ") for line in whole.splitlines()]
    found = [(word.upper(), rest.strip()) for word, _, rest in parts]
    last = max(at for at, (word, _) in enumerate(found) if word == "FROM")
    return found[last + 1 :]


def _take(stage: LastStage, word: str, rest: str) -> None:
    match word:
        case "COPY":
            _take_copy(stage, shlex.split(rest))
        case "ENV":
            stage.env |= dict(pair.split("=", 1) for pair in shlex.split(rest))
        case "USER":
            stage.user = rest
        case "WORKDIR":
            stage.folder = rest
        case "ENTRYPOINT":
            stage.entry = json.loads(rest)
        case "CMD":
            stage.arguments = json.loads(rest)
        case _:
            raise NotUnderstood(f"{word} {rest}")


def _take_copy(stage: LastStage, words: list[str]) -> None:
    *sources, place = [word for word in words if not word.startswith("--")]
    if any(word.startswith("--from=") for word in words):
        stage.taken.append(place)
    else:
        stage.copies.append((sources, place))
