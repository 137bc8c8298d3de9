"""The engine processes of a Locust under way."""

from pathlib import Path

from tests.whole.harness import wait_until

MODULE = "grpc_user.engine.process"


def engine_pids(process) -> list[int]:
    """The engines among the children of a Locust process, and of its workers."""
    found, parents = [], [process.pid]
    while parents:
        children = children_of(parents.pop())
        parents += children
        found += [pid for pid in children if MODULE in command_of(pid)]
    return sorted(found)


def children_of(pid) -> list[int]:
    try:
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    except OSError:
        return []  # it has ended


def command_of(pid) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def one_engine(running) -> int:
    return wait_until(lambda: engine_pids(running.process))[0]


def wait_for_end(pid: int) -> None:
    wait_until(lambda: MODULE not in command_of(pid))
