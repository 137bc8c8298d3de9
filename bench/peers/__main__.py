"""`python -m bench.peers`: this project beside other load generators, on one server, in turn.

Server and client have a core each. In a repetition every client meets every load once, so what
disturbs the machine meets all alike; figures are to be read as ratios within one run.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.peers import lineup, machine, noop
from bench.peers.options import Options, parsed
from bench.peers.rows import Results, Row, write
from bench.peers.tables import ratio_lines, stall_lines
from bench.peers.trials import Trials
from bench.processes import ROOT
from verdict.exit_codes import SIGINT

_INSTALL = "`make bench-peers` installs it"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the results, print the ratios."""
    options = parsed(arguments)
    missing = absent()
    for name in missing:
        print(f"left out: {name} is not here; {_INSTALL}", flush=True)
    server = None if options.python_server else noop.built()
    if server is None and not options.python_server:
        print(f"the server in Go cannot be built here; {noop.PYTHON} stamps less exactly")
    results = measured(options, server, missing)
    write(options.out, results)
    print("\n".join([*ratio_lines(results), *stall_lines(results)]))
    print(f"results: {_shown(options.out)}")
    return int(any(row.error for row in results.rows))


def absent() -> list[str]:
    """Names of clients whose programs are not here."""
    missing = (client.name for client in lineup.everyone() if client.version() is None)
    return list(dict.fromkeys(missing))


def measured(options: Options, server: str | None, missing: Sequence[str]) -> Results:
    """Every repetition, with the machine's state around it."""
    trials = Trials(
        *(options.seconds, options.rates_rps, options.modes, options.clients, server),
        note=lambda text: print(text, flush=True),
    )
    about, before, began_s = machine.described(), machine.ticks_now(), time.time()
    rows: list[Row] = []
    for number in range(1, options.reps + 1):
        rows += trials.repetition(number)
    about |= {
        **machine.shares(before, machine.ticks_now()),
        "began_unix_s": began_s,
        "lasted_s": time.time() - began_s,
        "load_1min_end": machine.described()["load_1min"],
        "seconds": options.seconds,
        "reps": options.reps,
        "server": noop.GO if server else noop.PYTHON,
        "versions": {client.name: client.version() for client in lineup.present(lineup.everyone())},
        "missing": list(missing),
    }
    return Results(about, rows)


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(SIGINT)
