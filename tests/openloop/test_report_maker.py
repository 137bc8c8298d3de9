import sys

import pytest

from openloop.report_maker import ReportMaker


@pytest.fixture
def python(tmp_path):
    """An interpreter that does as a script says, whatever it is asked to run."""

    def make(script):
        program = tmp_path / "python"
        program.write_text(f"#!{sys.executable}\n{script}\n")
        program.chmod(0o755)
        return str(program)

    return make


def settled(maker, folder):
    if maker._process is not None:
        maker._process.wait()
    return maker.state(folder)


def test_the_report_is_made_by_a_process_and_then_ready(python, tmp_path):
    folder = tmp_path / "run"
    maker = ReportMaker(
        python(
            "import pathlib, sys\n"
            "place = pathlib.Path(sys.argv[-1]) / 'report'\n"
            "place.mkdir(parents=True)\n"
            "(place / 'index.html').write_text(' '.join(sys.argv[1:-1]))"
        )
    )
    assert maker.state(folder).state == "none"
    assert maker.start(folder).state == "in the making"
    assert settled(maker, folder).state == "ready"
    assert (folder / "report" / "index.html").read_text() == "-P -m analysis report"


def test_a_failure_is_said_and_may_be_tried_again(python, tmp_path):
    maker = ReportMaker(python("raise SystemExit('nothing to report')"))
    maker.start(tmp_path)
    said = settled(maker, tmp_path)
    assert (said.state, said.said) == ("failed", "nothing to report")
    assert maker.start(tmp_path).state == "in the making"
    settled(maker, tmp_path)


def test_asked_twice_it_is_made_once(python, tmp_path):
    note = tmp_path / "note"
    maker = ReportMaker(
        python(f"import time; open({str(note)!r}, 'a').write('x'); time.sleep(0.3)")
    )
    maker.start(tmp_path)
    maker.start(tmp_path)
    settled(maker, tmp_path)
    assert note.read_text() == "x"
