"""How the writer process is started so that it finds this very package."""

import os
import site
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from records.descriptors import close_now

PROJECT_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class StartedWriter:
    """The process and our ends of its pipes.

    Attributes:
        process: The writer.
        rows_fd: Write end of its stdin.
        reports_fd: Read end of its stdout.
    """

    process: subprocess.Popen[bytes]
    rows_fd: int
    reports_fd: int


def start_writer(
    python: str, folder: Path, member: str, environment: Mapping[str, str] | None = None
) -> StartedWriter:
    """Start `python -m records.writer_process`.

    The pipes are our own, because those of `Popen` are blocking files, or gevent's. Python makes
    descriptors that no started program inherits; forks are `records.fork_guard`'s matter.

    Raises:
        OSError: when the process or its pipes cannot be made.
    """
    rows_read, rows_write = os.pipe()
    reports_read, reports_write = os.pipe()
    try:
        process = subprocess.Popen(
            writer_command(python, folder, member),
            stdin=rows_read,
            stdout=reports_write,
            env=writer_environment(environment),
            # Ctrl-C goes to the terminal's process group: not this one. Not a session of its own:
            # Linux shares the CPU out by sessions first, so that niceness would mean nothing.
            process_group=0,
        )
    except OSError:
        close_now(rows_write)
        close_now(reports_read)
        raise
    finally:
        close_now(rows_read)
        close_now(reports_write)
    return StartedWriter(process, rows_write, reports_read)


def writer_command(python: str, folder: Path, member: str) -> list[str]:
    """The command line; `-P` keeps a `records` folder where it is started from out of the way."""
    return [python, "-P", "-m", "records.writer_process", str(folder.resolve()), member]


def writer_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment, or the one given, with this package's root on PYTHONPATH."""
    base = dict(os.environ if environment is None else environment)
    if PROJECT_ROOT not in _installed_roots():
        paths = [str(PROJECT_ROOT), base.get("PYTHONPATH", "")]
        base["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    return base


def _installed_roots() -> set[Path]:
    # On PYTHONPATH, site-packages would come before the standard library.
    roots = [*site.getsitepackages(), site.getusersitepackages(), sysconfig.get_path("purelib")]
    return {Path(root).resolve() for root in roots}
