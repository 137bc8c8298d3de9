"""`python -m records.depot ship` and `serve`: how the records of many pods get into one folder."""

import argparse
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from records.command_line import BAD_CONFIGURATION, OneLineParser
from records.depot.client import Address, parse_address, send_file
from records.depot.server import EVERY_ADDRESS, DepotServer
from records.depot.shipper import Shipper
from records.depot.store import MOST_BYTES, Store

NOT_ALL_SENT = 1
PATIENCE_S = 60.0
MOST_PORT = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command until SIGTERM or SIGINT; the exit code."""
    options = _parser().parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if options.command == "ship":
        return _ship(options.folder, options.to, options.patience_s, stop)
    return _serve(options, stop)


def _ship(folder: Path, address: Address, patience_s: float, stop: threading.Event) -> int:
    shipper = Shipper(folder, lambda found: send_file(address, found), _tell)
    shipper.ship_until(stop)
    left = shipper.ship_the_rest(patience_s, time.monotonic, time.sleep)
    if left or shipper.refused:
        _tell(f"{left} files were not sent, {len(shipper.refused)} were not taken")
        return NOT_ALL_SENT
    _tell("all is sent")
    return 0


def _serve(options: argparse.Namespace, stop: threading.Event) -> int:
    try:
        store = Store(options.folder, options.most_bytes)
        server = DepotServer(options.host, options.port, store)
    except OSError as error:
        _tell(f"cannot serve {options.folder} on {options.host}:{options.port}: {error}")
        return BAD_CONFIGURATION
    with server:
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        print(f"depot listening on port {server.server_address[1]}", flush=True)
        stop.wait()
        server.shutdown()
    return 0


def _tell(line: str) -> None:
    sys.stderr.write(f"depot: {line}\n")
    sys.stderr.flush()


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="python -m records.depot", description=__doc__)
    commands = parser.add_subparsers(required=True, dest="command", metavar="COMMAND")
    _add_ship(commands.add_parser("ship", help="send what is recorded in a folder to a depot"))
    _add_serve(commands.add_parser("serve", help="take records of many pods into one folder"))
    return parser


def _add_ship(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--folder", type=Path, required=True, help="what --records names")
    parser.add_argument("--to", type=_address, required=True, metavar="http://HOST:PORT")
    parser.add_argument(
        "--patience-s",
        type=_seconds,
        default=PATIENCE_S,
        metavar="S",
        help=f"how long the rest is tried after SIGTERM; {PATIENCE_S:g}",
    )


def _add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--folder", type=Path, required=True, help="where the runs are kept")
    parser.add_argument("--port", type=_port, required=True, help="0 takes a free one")
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help=f"where to listen; 127.0.0.1, or '{EVERY_ADDRESS}' for all addresses",
    )
    parser.add_argument(
        "--most-bytes",
        type=_count,
        default=MOST_BYTES,
        metavar="N",
        help=f"what all files may take together; {MOST_BYTES}",
    )


def _address(text: str) -> Address:
    try:
        return parse_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _seconds(text: str) -> float:
    if not text.replace(".", "", 1).isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not valid: seconds from 0 up")
    return float(text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not valid: a whole number from 1 up")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > MOST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; valid: 0 to {MOST_PORT}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
