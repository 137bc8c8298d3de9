from tests.verdict.fakes import summary
from verdict.first_screen import render
from verdict.step_summary import append_step_summary, step_summary_markdown


def test_it_is_the_first_screen(tmp_path):
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    append_step_summary(path, summary())
    text = path.read_text()
    assert text.startswith("before\n")
    assert render(summary()) in text


def test_ticks_in_a_targets_name_do_not_end_the_block():
    text = step_summary_markdown(summary(what={"target": "a```b"}))
    fence = text.splitlines()[2].removesuffix("text")
    assert fence == "``````"
    assert text.rstrip().endswith(fence)
