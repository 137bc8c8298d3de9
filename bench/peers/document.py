"""`python -m bench.peers.document RESULTS.json`: docs/benchmarks.md and its figures, from results.

All that stands in the document comes from the rows: nothing in it is edited by hand.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from bench.peers import tables
from bench.peers.better import peers_better
from bench.peers.figures import draw
from bench.peers.in_short import NoPlace, in_short, placed
from bench.peers.own_sections import skew_section, spin_section
from bench.peers.prose import FIDELITY, FIGURES, HEAD, PACING, SATURATED, STALL, filled, image
from bench.peers.rows import Results, read
from bench.peers.stalled import stalls_of, truth_ms
from bench.peers.telling import how_made, machine_lines
from bench.processes import ROOT
from records.command_line import OneLineParser

_OUT = ROOT / "docs" / "benchmarks.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the results, draw, write."""
    parser = OneLineParser(
        prog="python -m bench.peers.document", description="Write docs/benchmarks.md."
    )
    parser.add_argument("results", type=Path, help="as `python -m bench.peers` wrote them")
    parser.add_argument("--out", type=Path, default=_OUT)
    parser.add_argument("--readme", type=Path, help="a text to put the figures in short into")
    options = parser.parse_args(arguments)
    try:
        results = read(options.results)
    except (OSError, ValueError, KeyError, TypeError) as error:
        parser.error(f"{options.results} cannot be read as results: {error}")
    try:
        readme = _readme(options.readme, results)
    except (OSError, NoPlace) as error:
        parser.error(f"--readme {options.readme}: {error}")
    figures = draw(results, options.out.parent / FIGURES)
    options.out.write_text(rendered(results, figures), encoding="utf-8")
    print(f"written: {options.out}")
    if options.readme:
        options.readme.write_text(readme, encoding="utf-8")
        print(f"written: {options.readme}")
    return 0


def _readme(path: Path | None, results: Results) -> str:
    """The text with the figures of these results in it."""
    if path is None:
        return ""
    lines = [*machine_lines(results), "", *tables.markdown(in_short(results))]
    return placed(path.read_text(encoding="utf-8"), lines)


def rendered(results: Results, figures: dict[str, str]) -> str:
    """The document."""
    parts = [
        "# Beside other load generators",
        "",
        *(f"{filled(text)}\n" for text in HEAD),
        *machine_lines(results),
        "",
        *_in_short(results),
        *_saturated(results, figures),
        *_stall(results, figures),
        *_fidelity(results, figures),
        *_pacing(results, figures),
        *skew_section(results, figures),
        *spin_section(results, figures),
        *_better(results),
        "## How it was made",
        "",
        *how_made(results),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _in_short(results: Results) -> list[str]:
    table = in_short(results)
    return ["## In short", "", *tables.markdown(table), ""] if table[1] else []


def _saturated(results: Results, figures: dict[str, str]) -> list[str]:
    table = tables.saturated(results)
    if not table[1]:
        return []
    return [
        "## CPU a request, as fast as each can",
        "",
        filled(SATURATED),
        "",
        *tables.markdown(table),
        "",
        *image(figures, "cpu"),
    ]


def _stall(results: Results, figures: dict[str, str]) -> list[str]:
    table = tables.stall(results)
    if not table[1]:
        return []
    seconds = float(str(results.about["seconds"]))
    truth, stalls = truth_ms(seconds), stalls_of(seconds)
    told = f"""It stalls for {stalls.for_s:g} s in every {stalls.every_s:g} s. Each client is to
        make 200 calls a second, all on the same server at the same time. By arithmetic p95 is
        {truth["p95"]:g} ms and p99 {truth["p99"]:g} ms."""
    return [
        "## A server that stalls, seen by all at once",
        "",
        filled(f"{told} {STALL}"),
        "",
        *tables.markdown(table),
        "",
        *image(figures, "stall"),
    ]


def _fidelity(results: Results, figures: dict[str, str]) -> list[str]:
    known = tables.rates(results)
    if not known:
        return []
    lines = [
        "## Do arrivals come as asked?",
        "",
        filled(FIDELITY),
        "",
    ]
    for rate_rps in known:
        table = tables.fidelity(results, rate_rps)
        lines += [f"### {rate_rps:g} calls a second", "", *tables.markdown(table), ""]
    for name in ("gaps-uniform", "gaps-poisson", "off-plan"):
        lines += image(figures, name)
    return lines


def _pacing(results: Results, figures: dict[str, str]) -> list[str]:
    table = tables.pacing(results)
    if not table[1]:
        return []
    return [
        "## How fast one process of ours can be asked to go",
        "",
        filled(PACING),
        "",
        *tables.markdown(table),
        "",
        *image(figures, "lag"),
    ]


def _better(results: Results) -> list[str]:
    found = peers_better(results)
    lines = ["## Where another is better", ""]
    return [*lines, *(found or ["In none of the figures above."]), ""]


if __name__ == "__main__":
    sys.exit(main())
