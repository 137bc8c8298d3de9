from analysis.report.files import Shown
from analysis.report.page import Cell, Page, Section, Table, render_page

EVIL = "<script>alert(1)</script>\"'"


def test_every_text_of_the_page_is_escaped_whoever_wrote_it():
    shown = Shown(EVIL, EVIL, EVIL, EVIL, EVIL, [EVIL])
    table = Table([[Cell(EVIL, EVIL)]], [Cell(EVIL, EVIL)], EVIL, EVIL)
    section = Section(EVIL, EVIL, [EVIL], [table], [shown])
    html = render_page(Page(EVIL, [section], EVIL, EVIL, [EVIL], EVIL))
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 15


def test_a_cell_can_span_the_table():
    html = render_page(Page("t", [Section("s", "h", tables=[Table([[Cell("wide", span=3)]])])]))
    assert '<td colspan="3">wide</td>' in html
