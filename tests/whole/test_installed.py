"""After `pip install .` a locustfile works anywhere: nothing of the checkout is needed."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.whole.harness import EXAMPLES, ROOT, Ended, clean_environment, run_locust
from tests.whole.workers import spin_worker

INSTALL_S = 100.0


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The Python of a fresh environment with our wheel, and the tests' own dependencies."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home / "venv", symlinks=True)
    python = home / "venv" / "bin" / "python"
    packages = next((home / "venv" / "lib").glob("python*/site-packages"))
    theirs = sysconfig.get_paths()["purelib"]
    (packages / "dependencies.pth").write_text(f"{theirs}\n", encoding="utf-8")
    wheel = ("pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet", "-w", str(home))
    check([sys.executable, "-m", *wheel, str(checkout(home))])
    (file,) = home.glob("*.whl")
    target = ("--target", str(packages))
    check([sys.executable, "-m", "pip", "install", "--no-deps", "--quiet", *target, str(file)])
    return python


def checkout(home: Path) -> Path:
    """A copy of the sources, for a build writes beside them."""
    copy = home / "checkout"
    names = ("pyproject.toml", "hatch_build.py", "requirements.txt", "README.md", "LICENSE")
    copy.mkdir()
    for name in names:
        shutil.copy(ROOT / name, copy)
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    for folder in ROOT.iterdir():
        if (folder / "__init__.py").exists():
            shutil.copytree(folder, copy / folder.name, ignore=ignored)
    shutil.copytree(ROOT / "k8s", copy / "k8s")
    return copy


def check(command: list[str], cwd: Path | None = None) -> str:
    ended = subprocess.run(
        command,
        cwd=cwd,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=INSTALL_S,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory) -> Path:
    """A folder of somebody's own, with their locustfile."""
    folder = tmp_path_factory.mktemp("elsewhere")
    shutil.copy(EXAMPLES / "own_stubs.py", folder / "locustfile.py")
    return folder


@pytest.fixture(scope="module")
def run(installed, elsewhere) -> Ended:
    with spin_worker() as worker:
        line = f"--host {worker.address} --rps 20 --duration 1s --exit-code-on-error 0"
        return run_locust(
            None, *line.split(), cwd=elsewhere, locustfile=None, python=str(installed)
        )


def test_the_packages_are_those_of_the_wheel(installed, elsewhere):
    where = check(
        [str(installed), "-c", "import openloop, proto; print(openloop.__file__, proto.__file__)"],
        elsewhere,
    )
    assert all(str(installed.parents[1]) in path for path in where.split())


def test_a_locustfile_of_ones_own_runs_in_its_own_folder(run, elsewhere):
    assert run.counts()["ok"] == 20, run.err
    assert run.folder.parent == elsewhere / "results"
    assert "Traceback" not in run.err


def test_the_default_target_starts_from_the_installed_packages(installed, tmp_path):
    (tmp_path / "locustfile.py").write_text(
        "from grpc_user.spin_user import SpinUser\n", encoding="utf-8"
    )
    line = ("--rps", "10", "--duration", "500ms", "--spin", "1ms")
    ended = run_locust(None, *line, cwd=tmp_path, locustfile=None, python=str(installed))
    assert ended.counts()["ok"] == 5, ended.err


@pytest.mark.parametrize("command", ["verdict", "analysis report"])
def test_the_other_commands_work_on_its_records(run, installed, elsewhere, command):
    said = check([str(installed), "-m", *command.split(), str(run.folder)], elsewhere)
    assert said


def test_the_manifests_of_pods_are_in_the_wheel(installed, elsewhere):
    code = "from experiment.launch.manifests import *; print(generator_image(k8s_folder()))"
    assert "locust-knative-generator:" in check([str(installed), "-c", code], elsewhere)
