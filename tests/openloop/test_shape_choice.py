import pytest
from locust import LoadTestShape

from openloop.shape_choice import AnyLawShape, choose_shape
from shapes.errors import InvalidValue
from shapes.load_test_shapes import PoissonShape, UniformShape
from tests.openloop.fakes import options


class SomebodysShape(LoadTestShape):
    def tick(self):
        return (5, 1.0)


def shapes(*classes):
    return {cls.__name__: cls() for cls in classes}


BOTH = shapes(UniformShape, PoissonShape)


def test_without_a_shape_none_is_active():
    assert choose_shape(options(), {}) is None


def test_the_only_shape_of_a_locustfile_is_active():
    only = shapes(SomebodysShape)
    assert choose_shape(options(), only) is only["SomebodysShape"]


def test_of_several_shapes_none_is_active_unless_selected():
    assert choose_shape(options(), BOTH) is None


def test_a_shape_is_selected_by_name():
    assert choose_shape(options(shape="PoissonShape"), BOTH) is BOTH["PoissonShape"]


def test_a_shape_is_selected_by_the_class_picker():
    picked = BOTH["PoissonShape"]
    assert choose_shape(options(), BOTH, picked) is picked


@pytest.mark.parametrize(
    ("distribution", "name"),
    [
        pytest.param("poisson", "PoissonShape", id="poisson"),
        pytest.param("uniform", "UniformShape", id="uniform"),
        pytest.param("", "UniformShape", id="not-given"),
    ],
)
def test_a_rate_profile_selects_the_shape_of_the_law(distribution, name):
    asked = options(rate_profile="ramp:0,10,5s", distribution=distribution)
    assert type(choose_shape(asked, BOTH)).__name__ == name


def test_a_rate_profile_works_without_any_shape_of_that_law():
    asked = options(rate_profile="ramp:0,10,5s", distribution="bursty:3")
    assert isinstance(choose_shape(asked, BOTH), AnyLawShape)


@pytest.mark.parametrize(
    ("asked", "picked"),
    [
        pytest.param({"shape": "PoissonShape", "distribution": "uniform"}, None, id="by-name"),
        pytest.param({"distribution": "uniform"}, "PoissonShape", id="by-picker"),
    ],
)
def test_a_shape_of_another_law_than_the_distribution_is_refused(asked, picked):
    with pytest.raises(InvalidValue, match=r"PoissonShape.*poisson"):
        choose_shape(options(**asked), BOTH, BOTH.get(picked))


def test_an_unknown_shape_is_refused_with_the_known_ones():
    with pytest.raises(InvalidValue, match="PoissonShape, UniformShape"):
        choose_shape(options(shape="PoisonShape"), BOTH)
