import os
import shutil
import sysconfig

import pytest

from records.reader import open_run
from records.writer_start import PROJECT_ROOT, writer_command, writer_environment
from tests.records.fakes import ROOT, run_generator


@pytest.fixture
def run_folder(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


def test_the_writer_is_found_from_any_working_folder(run_folder, tmp_path):
    assert run_generator(run_folder, "given", 10, cwd=tmp_path)["error"] is None


def test_another_package_called_records_in_the_working_folder_is_not_taken(run_folder, tmp_path):
    package = tmp_path / "records"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('the wrong package')")
    assert run_generator(run_folder, "given", 10, cwd=tmp_path)["error"] is None
    assert open_run(run_folder).rows == 10


def test_a_copy_of_the_package_elsewhere_starts_its_own_writer(run_folder, tmp_path):
    elsewhere = tmp_path / "installed"
    shutil.copytree(ROOT / "records", elsewhere / "records")
    shutil.copytree(ROOT / "tests" / "records", elsewhere / "tests" / "records")
    (elsewhere / "records" / "recorder.py").write_text("raise SystemExit('the copy ran')")
    report = run_generator(run_folder, "given", 10, cwd=tmp_path, root=elsewhere)
    assert "ended early" in report["error"]


def test_a_relative_run_folder_is_made_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from pathlib import Path

    assert writer_command("python", Path("run"), "local")[-2] == str(tmp_path / "run")


def test_the_root_comes_before_the_users_own_python_path():
    environment = writer_environment({"PYTHONPATH": "/somewhere", "HOME": "/root"})
    assert environment == {
        "PYTHONPATH": f"{PROJECT_ROOT}{os.pathsep}/somewhere",
        "HOME": "/root",
    }


def test_an_installed_package_puts_nothing_before_the_standard_library(monkeypatch):
    from pathlib import Path

    site_packages = Path(sysconfig.get_path("purelib")).resolve()
    monkeypatch.setattr("records.writer_start.PROJECT_ROOT", site_packages)
    assert writer_environment({"PYTHONPATH": "/somewhere"}) == {"PYTHONPATH": "/somewhere"}
