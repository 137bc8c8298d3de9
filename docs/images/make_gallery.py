"""Make the small pictures of ../gallery.md from the report of a sweep."""

# python -m experiment sweep docs/images/gallery.yaml --out results/gallery
# python docs/images/make_gallery.py results/gallery/report

import sys
from pathlib import Path

from PIL import Image

WIDTH_PX = 900
COLOURS = 256
PICTURES = {
    "arms": "arms",
    "latency": "latency",
    "slowdown": "slowdown",
    "slowdown_map": "slowdown-map",
    "slowdown_by_load": "slowdown-by-load",
    "poisson_over_uniform": "poisson-over-uniform",
    "tails-no-limit": "tails",
    "success_map": "success-map",
    "failures": "failures",
    "goodput": "goodput",
    "parts-no-limit": "parts",
}
"""File of the report to file of the gallery, without endings."""


def shrink(source: Path, target: Path) -> None:
    """Write a picture small enough for a page: few pixels, few colours."""
    with Image.open(source) as image:
        height_px = round(image.height * WIDTH_PX / image.width)
        small = image.convert("RGB").resize((WIDTH_PX, height_px), Image.Resampling.LANCZOS)
        small.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)


def main() -> None:
    """Shrink every picture of the gallery."""
    report, here = Path(sys.argv[1]), Path(__file__).parent
    for source, target in PICTURES.items():
        shrink(report / f"{source}.png", here / f"sweep-{target}.png")


if __name__ == "__main__":
    main()
