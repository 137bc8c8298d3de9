"""What a Dockerfile says, instruction by instruction."""

import re
import shlex
from pathlib import Path

from tests.k8s.rendering import K8S

FILES = {path.stem: path for path in sorted((K8S / "images").glob("*.Dockerfile"))}


def instructions(path: Path) -> list[tuple[str, str]]:
    """Each instruction's word and the rest of its line."""
    text = re.sub(r"^\s*#.*\n", "", path.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    parts = [line.partition(" ") for line in text.splitlines() if line.strip()]
    return [(word.upper(), rest.strip()) for word, _, rest in parts]


def last_stage(path: Path) -> list[tuple[str, str]]:
    """The instructions of what is shipped."""
    found = instructions(path)
    start = max(at for at, (word, _) in enumerate(found) if word == "FROM")
    return found[start:]


def copied_from_the_project(path: Path) -> set[str]:
    """Files and folders that its COPY lines take from the build context."""
    lines = [shlex.split(rest) for word, rest in instructions(path) if word == "COPY"]
    return {
        source for words in lines if not words[0].startswith("--from=") for source in words[:-1]
    }


def only_one(found: list[tuple[str, str]], word: str) -> str:
    """The rest of the one line with that word."""
    [rest] = [rest for each, rest in found if each == word]
    return rest
