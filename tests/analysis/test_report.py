import re
import struct
from html.parser import HTMLParser

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from analysis.dataset import read_run
from analysis.errors import AnalysisError
from analysis.report.build import page_of, write_report
from analysis.report.numbers import measured_numbers
from analysis.report.one_run import (
    instances_picture,
    latency_picture,
    parts_picture,
    pictures_of,
)
from analysis.report.page import render_page
from shapes.rate_log import RateLog, RateSegment
from tests.analysis.fakes import Target

ALL_FAIL = Target(fails_from_s=0.0, fails_until_s=1e9)
BURST = RateLog(tuple(RateSegment(20.0 * i, 40.0 if i % 2 else 5.0) for i in range(3)))
KEYS = {"latency_cdf", "timeline", "arrivals", "send_lag", "latency_parts", "instances", "failures"}


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def text_of(run):
    return render_page(page_of(run, []))


@pytest.fixture
def report(hostile_page):
    return hostile_page


def test_each_figure_lies_beside_the_page_as_png_svg_and_csv(report):
    for key in KEYS:
        png = (report.parent / f"{key}.png").read_bytes()
        width, height = struct.unpack(">II", png[16:24])
        assert png.startswith(b"\x89PNG")
        assert min(width, height) > 200
        assert "<svg" in (report.parent / f"{key}.svg").read_text()
        assert len(pd.read_csv(report.parent / f"{key}.csv")) > 0


def test_no_file_is_left_half_written(report):
    assert not list(report.parent.glob("*.tmp"))


def test_the_page_refers_to_nothing_but_files_beside_it(report):
    tags = Tags(report.read_text()).tags
    links = [attrs["href"] for _, attrs in tags if "href" in attrs]
    sources = [attrs["src"] for _, attrs in tags if "src" in attrs]
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert all(link.startswith("#") or (report.parent / link).is_file() for link in links)
    assert "://" not in re.sub(r"base64,[^\"]+", "", report.read_text())


def test_the_page_holds_no_script_whatever_the_target_said(report):
    text = report.read_text()
    tags = {tag for tag, _ in Tags(text).tags}
    assert not tags & {"script", "iframe", "object", "embed", "link", "form"}
    assert "&lt;script&gt;alert(&#39;detail&#39;)&lt;/script&gt;" in text
    assert "&lt;script&gt;document.title" in text


def test_no_svg_holds_a_script_whatever_the_target_said(report):
    for path in report.parent.glob("*.svg"):
        assert "<script" not in path.read_text()


def test_tables_cannot_be_run_by_a_spreadsheet(report):
    assert "\n'=cmd()," in (report.parent / "instances.csv").read_text()


def test_the_policy_forbids_everything_but_the_pages_own_style_and_images(report):
    (policy,) = [
        attrs["content"]
        for tag, attrs in Tags(report.read_text()).tags
        if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy


def test_every_image_says_in_words_what_it_shows(report):
    images = [attrs for tag, attrs in Tags(report.read_text()).tags if tag == "img"]
    assert len(images) == len(KEYS)
    assert all(len(attrs["alt"]) > 40 for attrs in images)


def test_the_first_screen_is_on_top(report):
    text = report.read_text()
    assert text.index('<pre class="screen') < text.index("<h2>")


def test_a_report_made_again_is_the_same(a_run, tmp_path):
    run = read_run(a_run())
    first, second = (write_report(run, tmp_path / name) for name in ("first", "second"))
    assert sorted(path.name for path in first.parent.iterdir()) == sorted(
        path.name for path in second.parent.iterdir()
    )
    assert first.read_text() == second.read_text()


def test_drawing_leaves_matplotlib_as_it_was(a_run):
    before = dict(mpl.rcParams)
    pictures_of(read_run(a_run()))
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == []


def test_all_calls_failed_gives_an_honest_report(a_run):
    run = read_run(a_run(target=ALL_FAIL))
    text = text_of(run)
    assert "FAIL" in text
    assert "there is no latency to show" in text
    assert "latency p99" not in text
    assert "latency_cdf" not in {picture.key for picture in pictures_of(run)}


def test_with_some_failures_no_mean_of_survivors_is_shown(a_run):
    run = read_run(a_run(target=Target(fails_from_s=30.0, fails_until_s=40.0)))
    text = text_of(run)
    assert "restricted mean, each call counted up to 5 s" in text
    assert "latency mean" not in text
    assert latency_picture(run).caption.title.endswith("p99 not reached")


def test_an_invalid_run_says_so_and_shows_no_latency_number(a_run):
    run = read_run(a_run(target=Target(lag_s=0.05)))
    assert run.level == "INVALID"
    text = text_of(run)
    assert "DO NOT USE" in text
    assert "latency p99" not in text
    picture = latency_picture(run)
    assert "percentiles" not in picture.tables
    assert not any(text.get_text() for text in picture.figure.axes[0].texts)


def test_an_unfinished_run_says_so(a_run):
    run = read_run(a_run(finished=False))
    text = text_of(run)
    assert "This run is unfinished" in text
    assert 'class="screen pass"' not in text


@pytest.mark.parametrize(
    "plan",
    [
        {"law": "uniform"},
        {"law": "bursty:3"},
        {"law": "uniform-gap"},
        {"rates": BURST, "warm_up_s": 0.0},
        {"rate_rps": 0.3, "warm_up_s": 0.0, "duration_s": 4.0, "law": "uniform"},
        {"rate_rps": 1.0, "warm_up_s": 0.0, "duration_s": 2.5, "law": "uniform"},
        {"spin": "0ms"},
    ],
    ids=["uniform", "bursty", "uniform gaps", "burst", "two calls", "three calls", "no spin"],
)
def test_every_kind_of_run_has_its_pictures_and_numbers(a_run, plan):
    run = read_run(a_run(**plan))
    keys = {picture.key for picture in pictures_of(run)}
    assert {"latency_cdf", "timeline", "send_lag"} <= keys
    assert len(measured_numbers(run)) > 1


def test_a_target_that_tells_nothing_of_itself_still_has_a_report(a_run):
    run = read_run(a_run(target=Target(silent=True)))
    assert instances_picture(run) is None
    assert "service the target did not split" in parts_picture(run).caption.title
    assert "do not say what the worker did" in text_of(run)


def test_nothing_sent_still_has_a_report(a_run):
    run = read_run(a_run(target=Target(unsent_every=1)))
    assert "nothing was sent" in text_of(run)
    assert [picture.key for picture in pictures_of(run)] == ["timeline", "failures"]


def test_a_folder_that_cannot_be_written_is_said_in_one_line(a_run, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(AnalysisError, match="cannot write"):
        write_report(read_run(a_run()), tmp_path / "taken")
