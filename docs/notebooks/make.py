"""Make the notebook beside this file, run it, and keep it with its outputs.

    python docs/notebooks/make.py

It needs the packages of requirements-dev.txt, and some seconds. Nothing is sent: the first part is
arithmetic, the second the model.
"""

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

HERE = Path(__file__).parent
NOTEBOOK = HERE / "open-loop-and-scaling.ipynb"
TIMEOUT_S = 300

CELLS = (
    (
        "text",
        """# Two things that a load test can hide

1. Users that wait for their answers stop asking when asking would hurt:
   **closed against open loop**.
2. With `containerConcurrency: 0` and moderate load **the autoscaler is never exercised**.

Made by `python docs/notebooks/make.py`; nothing was sent.
The records of a real run are opened in the same way.""",
    ),
    (
        "code",
        """import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import analysis

plt.rcParams.update({"figure.dpi": 60, "figure.figsize": (7, 2.8)})""",
    ),
    (
        "text",
        """## 1. A server that freezes for 1 s in every 10 s

It answers in 1 ms otherwise. A call that comes in a freeze waits for its end.""",
    ),
    (
        "code",
        """RATE, LENGTH, USERS, SERVICE = 200, 40, 10, 0.001


def answered_at(sent):
    in_freeze = sent % 10 >= 9
    return np.where(in_freeze, np.ceil(sent / 10) * 10, sent) + SERVICE


open_sent = np.arange(RATE * LENGTH) / RATE
open_latency = answered_at(open_sent) - open_sent


def closed_user(user):
    # Asks USERS / RATE seconds after its last question, or once it has its answer.
    sent, pause = [user / RATE], USERS / RATE
    while sent[-1] < LENGTH:
        sent.append(max(sent[-1] + pause, float(answered_at(np.array(sent[-1])))))
    return np.array(sent[:-1])


closed_sent = np.concatenate([closed_user(user) for user in range(USERS)])
closed_latency = answered_at(closed_sent) - closed_sent

rows = {"open loop": open_latency, "closed loop": closed_latency}
pd.DataFrame(
    {
        name: {
            "requests": len(latency),
            **{f"p{p} ms": np.percentile(latency, p) * 1000 for p in (50, 90, 95, 99)},
        }
        for name, latency in rows.items()
    }
).T.round(1)""",
    ),
    (
        "code",
        """for name, latency in rows.items():
    shares = np.arange(1, len(latency) + 1) / len(latency)
    plt.step(np.sort(latency), shares, where="post", label=name)
plt.xlabel("latency (s)")
plt.ylabel("share of requests")
plt.ylim(0.85, 1.005)
plt.legend()
plt.show()""",
    ),
    (
        "text",
        """By arithmetic 99 % wait less than 900 ms. Ten users that wait were all caught by each
freeze, once: ten slow requests in place of two hundred. The others were never asked, and are in no
percentile.
(Measured, by `python -m bench.stall`:
[why latency counts from the intended time](../why-intended-time.md).)""",
    ),
    (
        "text",
        """## 2. `containerConcurrency: 0` never scales here

50 calls a second of 1 s of CPU time keep 50 calls under way. Without a limit on concurrency
Knative aims at 70 a pod (100, of which 70 %), so one pod is enough for the autoscaler, however many
cores the work needs. With `containerConcurrency: 1` it wants about 72.""",
    ),
    (
        "code",
        """results = Path(tempfile.mkdtemp())


def simulated(concurrency):
    load = ["--rps", "50", "--spin", "1s", "--duration", "150s", "--distribution", "poisson"]
    service = ["--container-concurrency", str(concurrency), "--cores", "64", "--seed", "1"]
    where = ["--records", str(results), "--run-id", f"cc-{concurrency}"]
    command = [sys.executable, "-m", "simulator", "run", *load, *service, *where]
    subprocess.run(command, check=True, capture_output=True)
    return results / f"cc-{concurrency}"


runs = {f"containerConcurrency {cc}": simulated(cc) for cc in (0, 1)}
calls = {name: analysis.open_run(folder) for name, folder in runs.items()}
next(iter(calls.values()))[["k", "intended_s", "latency_s", "status", "pod", "spin_s"]].head(3)""",
    ),
    (
        "code",
        """def pods(folder):
    seen = pd.read_parquet(folder / "replicas.parquet")
    ready = seen[seen["kind"] == "deployment"]
    return ready["at_unix_s"] - seen["at_unix_s"].min(), ready["ready"]


for name, folder in runs.items():
    times, ready = pods(folder)
    plt.step([*times, 150], [*ready, ready.iloc[-1]], where="post", label=name)
plt.xlabel("time in the run (s)")
plt.ylabel("ready pods")
plt.yscale("log")
plt.legend()
plt.show()""",
    ),
    (
        "code",
        """pd.DataFrame(
    {
        name: {
            "requests": len(frame),
            "pods that answered": frame["pod"].nunique(),
            "p50 s": frame["latency_s"].quantile(0.5),
            "p99 s": frame["latency_s"].quantile(0.99),
        }
        for name, frame in calls.items()
    }
).T.round(2)""",
    ),
    (
        "text",
        """With 64 cores under one pod without a limit nothing is slow, and nothing scaled: such a
sweep measures the node, not the autoscaler. On a smaller node the one pod would be overloaded,
and be all there is until 70 calls wait.
`python -m experiment forecast` says so before any load.""",
    ),
)


def notebook() -> nbformat.NotebookNode:
    """The notebook without outputs; each cell's id is its place."""
    cells = [
        (new_code_cell if kind == "code" else new_markdown_cell)(text, id=f"cell-{place}")
        for place, (kind, text) in enumerate(CELLS)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def main() -> None:
    """Run and write."""
    made = notebook()
    root = str(HERE.parents[1])
    os.environ["PYTHONPATH"] = root
    NotebookClient(made, timeout=TIMEOUT_S, resources={"metadata": {"path": root}}).execute()
    for cell in made.cells:
        cell.metadata.pop("execution", None)  # when it ran changes with every run
    made.metadata.pop("language_info", None)
    nbformat.write(made, NOTEBOOK)
    sys.stdout.write(f"{NOTEBOOK}\n")


if __name__ == "__main__":
    main()
