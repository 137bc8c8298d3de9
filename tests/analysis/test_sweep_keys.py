import pandas as pd
import pytest

from analysis.figures.sweep_keys import keys_of, say_lines


def cells(*laws):
    return pd.DataFrame({"law": laws, "spin_s": 0.1, "spin": "100ms"})


@pytest.mark.parametrize(
    ("laws", "said"),
    [
        (("poisson",), ""),
        (("poisson", "uniform"), " Uniform solid, poisson dashed."),
        (("uniform-gap", "poisson"), " Poisson solid, uniform-gap dashed."),
    ],
)
def test_a_caption_says_which_line_is_which_law_where_there_are_several(laws, said):
    assert say_lines(cells(*laws)) == said


def test_a_caption_names_the_lines_as_they_are_drawn():
    assert keys_of(cells("poisson", "uniform")).lines == {"uniform": "-", "poisson": "--"}
