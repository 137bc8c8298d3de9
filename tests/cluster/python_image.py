"""Makes the image that a Dockerfile describes from layers that are there, without a daemon.

`python_image.py ARCHIVE NAME DOCKERFILE CONTEXT LAYER...`: the layers below are a root with Python
and the packages of the Dockerfile's requirement file; files that its last stage copies from the
build context, its variables, user and entry point are read from it.
"""

import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from dockerfile import LastStage, read_last_stage
from image_archive import Image, write_image

KEPT_OUT = ("__pycache__", "*.pyc")


def main(archive: str, name: str, dockerfile: str, context: str, *layers: str) -> None:
    """Write the archive."""
    stage = read_last_stage(Path(dockerfile))
    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder, "code.tar")
        _write_code_layer(code, stage, Path(context))
        image = Image(
            name=name,
            layers=(*map(Path, layers), code),
            entry=(*stage.entry, *stage.arguments),
            env=stage.env,
            user=stage.user,
            folder=stage.folder,
        )
        write_image(Path(archive), image)


def _write_code_layer(path: Path, stage: LastStage, context: Path) -> None:
    with tarfile.open(path, "w") as layer:
        for source, place in _copied(stage, context):
            layer.add(source, arcname=place.lstrip("/"), filter=_as_shipped)


def _copied(stage: LastStage, context: Path) -> Iterator[tuple[Path, str]]:
    """Each copied file or folder, and where it goes by the rules of COPY."""
    for sources, place in stage.copies:
        into = str(PurePosixPath(stage.folder, place))
        for source in sources:
            found = context / source
            several = len(sources) > 1 or place.endswith(("/", "."))
            inside = found.is_file() and several
            yield found, f"{into}/{found.name}" if inside else into


def _as_shipped(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    if any(PurePosixPath(entry.name).match(pattern) for pattern in KEPT_OUT):
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    entry.mode |= 0o444
    return entry


if __name__ == "__main__":
    main(*sys.argv[1:])
