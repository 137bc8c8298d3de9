"""How the writer process is started so that it finds this very package."""

import os
import sysconfig
from collections.abc import Mapping
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent


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
    return {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
