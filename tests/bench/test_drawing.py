"""Scales of the benchmark's figures."""

import pytest

from analysis.figures.style import log_axis
from bench.peers.drawing import panels


@pytest.mark.parametrize("most", [1.9, 4.0, 25.0, 2e4])
def test_a_logarithmic_scale_has_a_few_numbers_written_out(most):
    figure, (axes,) = panels(1, 4.0, 3.0)
    axes.plot([0.55, most], [0, 1])
    log_axis(axes, "x")
    figure.canvas.draw()
    least_shown, most_shown = axes.get_xlim()
    texts = {
        float(at): text.get_text()
        for which in (False, True)
        for at, text in zip(
            axes.get_xticks(minor=which), axes.get_xticklabels(minor=which), strict=True
        )
    }
    shown = [text for at, text in texts.items() if least_shown <= at <= most_shown and text]
    assert 2 <= len(shown) <= 6
    assert shown == [f"{float(text):g}" for text in shown]
