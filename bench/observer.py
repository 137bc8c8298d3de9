"""What it costs to watch a Service while its pods come and go.

    python -m bench.observer --ksvc NS/NAME [--seconds 60]

Starts `python -m experiment observe` on the cluster that KUBECONFIG names and measures its CPU once
it watches, start-up apart. Offer load meanwhile: without changes there is nothing to see.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil

from bench.processes import ROOT
from records.replica_rows import LIVE_NAME, Row
from records.replicas import read_replicas

PATIENCE_S = 30.0


def cpu_s(process: psutil.Popen) -> float:
    """CPU the process has used, of user and system."""
    used = process.cpu_times()
    return float(used.user + used.system)


def wait_until_it_watches(folder: Path) -> None:
    """Until the first row is there."""
    end_s = time.monotonic() + PATIENCE_S
    while not (folder / LIVE_NAME).exists() or not read_replicas(folder):
        if time.monotonic() > end_s:
            sys.exit("the observer has seen nothing; its own line says why")
        time.sleep(0.1)
    time.sleep(1.0)


def measure(service: str, seconds: float, folder: Path) -> tuple[float, float, list[Row]]:
    """CPU seconds until it watches, cores while it does, and the rows that it wrote."""
    command = [sys.executable, "-m", "experiment", "observe", "--ksvc", service]
    with psutil.Popen(
        [*command, "--folder", str(folder)], cwd=ROOT, stderr=subprocess.DEVNULL
    ) as process:
        wait_until_it_watches(folder)
        start_up_s, began_s = cpu_s(process), time.monotonic()
        time.sleep(seconds)
        cores = (cpu_s(process) - start_up_s) / (time.monotonic() - began_s)
        process.terminate()
    return start_up_s, cores, read_replicas(folder)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ksvc", required=True, metavar="NS/NAME")
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start_up_s, cores, rows = measure(options.ksvc, options.seconds, Path(folder))
    phases = Counter(row.get("phase") for row in rows)
    print(
        f"{options.seconds:g} s: {100 * cores:.2f} % of a core; start-up {start_up_s:.1f} s of CPU"
    )
    print(f"{len(rows)} rows; pods that began {phases['created']}, that ended {phases['gone']}")


if __name__ == "__main__":
    main()
