"""`python -m bench.peers`: this project beside other load generators, on one server, in turn.

Server and client have a core each. In a repetition every client meets every load once, so what
disturbs the machine meets all alike; figures are to be read as ratios within one run. Results are
written after each trial: a run that is ended early leaves what it has.
"""

import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.peers import lineup, machine, servers
from bench.peers.options import Options, parsed
from bench.peers.plan import Trial, listing, measured
from bench.peers.rows import Results, Row, write
from bench.peers.servers import Server
from bench.peers.tables import ratio_lines, stall_lines, transport_lines
from bench.peers.trials import Trials
from bench.processes import ROOT
from verdict.exit_codes import BAD_CONFIGURATION, SIGINT, SIGTERM

_INSTALL = "`make bench-peers` installs it"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the results, print the ratios.

    Returns 1 where a trial has no figures, 2 where there is none.
    """
    options = parsed(arguments)
    missing = absent()
    for name in missing:
        print(f"left out: {name} is not here; {_INSTALL}", flush=True)
    foreseen = servers.foreseen(options.server)
    trials = planned(options, foreseen)
    if not trials:
        told = f"{', '.join(options.modes)} with clients {', '.join(options.clients)}"
        print(f"nothing to measure in {told}; --dry-run alone lists all trials", file=sys.stderr)
        return BAD_CONFIGURATION
    if options.only_told:
        print("\n".join(listing(trials)))
        return 0
    server = servers.chosen(options.server)
    if server.name != foreseen.name:
        print(f"the server in Go cannot be built here; {server.name} stamps less exactly")
    print(f"server: {server.name}", flush=True)
    results = Results({}, [])
    for results in results_so_far(options, server, missing):
        write(options.out, results)
    print("\n".join([*ratio_lines(results), *transport_lines(results), *stall_lines(results)]))
    print(f"results: {_shown(options.out)}")
    return int(any(row.error for row in results.rows))


def absent() -> list[str]:
    """Names of clients whose programs are not here."""
    missing = (client.name for client in lineup.everyone() if client.version() is None)
    return list(dict.fromkeys(missing))


def planned(options: Options, server: Server) -> list[Trial]:
    """All trials."""
    asked = (options.seconds, options.rates_rps, options.modes, options.clients)
    return Trials(*asked, server).planned(options.reps)


def results_so_far(options: Options, server: Server, missing: Sequence[str]) -> Iterator[Results]:
    """The results after each trial, with the machine's state around all so far."""
    trials = planned(options, server)
    before, began_s, rows = machine.ticks_now(), time.time(), list[Row]()
    about = {**_described(options, server), "began_unix_s": began_s, "missing": list(missing)}
    for some in measured(trials, lambda text: print(text, flush=True)):
        rows += some
        yield Results({**about, **_so_far(before, began_s)}, rows)


def _described(options: Options, server: Server) -> Mapping[str, object]:
    return {
        **machine.described(),
        "seconds": options.seconds,
        "reps": options.reps,
        "server": server.name,
        "versions": {client.name: client.version() for client in lineup.present(lineup.everyone())},
    }


def _so_far(before: machine.Ticks | None, began_s: float) -> Mapping[str, object]:
    return {
        **machine.shares(before, machine.ticks_now()),
        "lasted_s": time.time() - began_s,
        "load_1min_end": machine.described()["load_1min"],
    }


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _end_clients(*_: object) -> None:
    """On SIGTERM: what was started is ended on the way out."""
    raise SystemExit(SIGTERM)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end_clients)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(SIGINT)
