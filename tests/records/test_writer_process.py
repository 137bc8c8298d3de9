import subprocess
import sys

import pytest

from records.frames import encode_rows
from records.reader import open_run
from records.writer_process import EXIT_CANNOT_RECORD
from records.writer_start import writer_command, writer_environment
from tests.records.fakes import ROOT, call, calls

MODULES_LOADED = """
import sys
from records.writer_process import main
main(sys.argv[1], "local")
print([name for name in sys.argv[2:] if sys.modules.get(name)], file=sys.stderr)
"""


def run_writer(folder, stream, before=lambda: None):
    """The writer process fed with bytes: its exit code and its reports."""
    command = writer_command(sys.executable, folder, "local")
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=writer_environment()
    ) as writer:
        before()
        reports, _ = writer.communicate(stream, timeout=60)
    return writer.returncode, reports.decode()


def test_it_ends_well_at_the_end_of_its_input(tmp_path):
    code, reports = run_writer(tmp_path, encode_rows(calls(3)))
    assert code == 0
    assert '"rows_written": 3' in reports
    assert open_run(tmp_path).rows == 3


def test_it_ends_with_code_5_when_it_cannot_write(tmp_path):
    folder = tmp_path / "gone"
    folder.mkdir()
    code, reports = run_writer(folder, encode_rows(calls(1)), before=folder.rmdir)
    assert code == EXIT_CANNOT_RECORD == 5
    assert "cannot write records into" in reports


@pytest.mark.parametrize("row", [call(0), call(0, code=14)], ids=["fitting", "misfit"])
def test_it_loads_nothing_of_the_generator_and_no_pandas_though_pyarrow_would(row, tmp_path):
    modules = ["pandas", "locust", "gevent", "grpc", "pyarrow"]
    done = subprocess.run(
        [sys.executable, "-c", MODULES_LOADED, str(tmp_path), *modules],
        input=encode_rows([row]),
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert done.stderr.decode().strip() == "['pyarrow']"
