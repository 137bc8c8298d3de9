import pytest

from analysis.figures.style import INK, PAPER, Caption, framed, new_figure, styled
from analysis.report.svg import svg_text, themed


@styled
def draw(title="a title"):
    figure = new_figure(2.0)
    figure.subplots().plot([0, 1], [0, 1], label="line")
    return framed(figure, Caption(title, "a note"))


def test_the_same_figure_gives_the_same_bytes():
    assert svg_text(draw()) == svg_text(draw())


def test_the_file_for_publication_has_dark_ink_on_white():
    svg = svg_text(draw())
    assert INK in svg
    assert PAPER in svg
    assert "var(--" not in svg


def test_the_copy_in_the_page_follows_the_readers_scheme():
    svg = themed(svg_text(draw()))
    assert f"fill: {INK}" not in svg
    assert "fill: var(--ink)" in svg
    assert svg.count("prefers-color-scheme: dark") == 1


@pytest.mark.parametrize("text", ["</style><script>x</script>", "a & b < c", "--> <!--"])
def test_text_in_a_figure_is_never_markup(text):
    assert "<script" not in svg_text(draw(text))
