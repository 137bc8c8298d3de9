from pathlib import Path

import pytest

from verdict.checks import METRICS, QUANTILES
from verdict.documented import with_generated_parts
from verdict.limits import LIMITS

PAGE = Path(__file__).parents[2] / "docs" / "verdict.md"


def test_the_page_has_the_tables_of_the_code():
    assert PAGE.read_text() == with_generated_parts(PAGE.read_text())


def test_a_page_that_differs_is_noticed():
    spoilt = PAGE.read_text().replace("| > 0.1 % |", "| > 0.2 % |")
    assert with_generated_parts(spoilt) == PAGE.read_text() != spoilt


@pytest.mark.parametrize("reason", LIMITS)
def test_every_reason_has_a_limit_a_remedy_and_a_row(reason):
    limit = LIMITS[reason]
    assert limit.remedy
    assert limit.suspect is not None or limit.invalid is not None
    assert f"| `{reason}` |" in PAGE.read_text()


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_is_on_the_page(metric):
    text = PAGE.read_text()
    prefix, _, quantile = metric.rpartition("_")
    in_a_range = prefix and quantile in QUANTILES and f"`{prefix}_p50` ... `{prefix}_p999`" in text
    assert in_a_range or f"`{metric}`" in text
