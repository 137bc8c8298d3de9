"""Puts one static program into an image of its own: program_image.py ARCHIVE NAME PROGRAM PLACE."""

import sys
import tempfile
from pathlib import Path

from image_archive import Image, write_files_layer, write_image


def main(archive: str, name: str, program: str, place: str) -> None:
    """`place` is the program's absolute path in the image, and its entry point."""
    with tempfile.TemporaryDirectory() as folder:
        layer = Path(folder, "layer.tar")
        write_files_layer(layer, [(Path(program), place)])
        image = Image(name, (layer,), entry=(place,), env={}, user="65532:65532")
        write_image(Path(archive), image)


if __name__ == "__main__":
    main(*sys.argv[1:])
