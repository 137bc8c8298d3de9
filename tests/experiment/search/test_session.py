"""Searches of light runs: all that conducts a search is real, the load is not."""

import json
from argparse import Namespace

import pytest

from experiment.search.asked import Asked, BadSearch
from experiment.search.session import SearchSession, conduct_search
from experiment.search.tries import Aim
from experiment.sweep import grounds
from experiment.sweep.ground import ApiGone
from experiment.sweep.spec import spec_from
from records.sweeps.ledger import read_ledger
from records.sweeps.on_disk import open_sweep
from tests.experiment.sweep.light_sweep import LightGround, LightModule

LIMIT_RPS = 6.0
SPEC = {
    "name": "search",
    "rates_rps": [1],
    "laws": ["poisson"],
    "duration": "10s",
    "checks": ["p99<1s"],
    "repetitions": 1,
}


class LimitedGround(LightGround):
    """Misses its limit above a rate, and is gone after so many runs."""

    def __init__(self, spec, folder, module):
        super().__init__(spec, folder)
        self.module = module

    def run(self, run, folder, begun):
        self.module.done.append(run.run_id)
        if len(self.module.done) == self.module.gone_after:
            raise ApiGone("the API does not answer")
        said = {"exit_code": 0 if run.cell.rate_rps <= LIMIT_RPS else 4}
        said |= self.module.said.get(run.run_id, {})
        self.how = {"runs": {folder.name: said}}
        return super().run(run, folder, begun)


class LimitedModule(LightModule):
    def __init__(self, said=None, gone_after=None):
        self.done, self.said, self.gone_after = [], said or {}, gone_after

    def make_ground(self, spec, folder, options):
        return LimitedGround(spec, folder, self)


@pytest.fixture
def search(tmp_path, monkeypatch):
    """Searches in the same folder each time; its ground is the module that is handed in."""

    def conduct(module, precision=0.5, seed=7):
        monkeypatch.setitem(grounds.GROUNDS, "local", module)
        aim = Aim(4.0, 100.0, precision, 1, 30)
        asked = Asked(aim, spec_from(SPEC, "search"), seed)
        session = SearchSession(
            tmp_path / "search", asked, True, "local", Namespace(), lambda folder: "no report"
        )
        return conduct_search(session)

    return conduct


def test_the_answer_is_printed_written_and_noted(search, tmp_path, capsys):
    assert search(LimitedModule()) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first == "p99<1s is met up to 5.66 rps and missed from 8 rps"
    answer = json.loads((tmp_path / "search" / "answer.json").read_text())
    assert answer["bracket"]["passing"]["rate_rps"] == 5.66
    assert read_ledger(tmp_path / "search")[-1].fields["answer"] == first


def test_at_its_end_it_is_a_sweep_that_can_be_reported(search, tmp_path):
    search(module := LimitedModule())
    found = open_sweep(tmp_path / "search")
    assert [run.run_id for run in found.sweep.runs] == module.done
    assert all(standing.finished for standing in found.standings.values())


def test_the_same_command_goes_on_where_it_was_halted_and_repeats_no_run(search):
    assert search(halted := LimitedModule(gone_after=3)) == 5
    assert search(resumed := LimitedModule()) == 0
    search(whole := LimitedModule())
    assert halted.done[-1] == resumed.done[0]
    assert set(halted.done[:-1]).isdisjoint(resumed.done)
    assert whole.done == []


def test_a_run_that_stays_invalid_ends_it_with_exit_code_three(search, capsys):
    invalid = {"poisson-8rps-100ms-r1": {"level": "INVALID"}}
    assert search(LimitedModule(invalid)) == 3
    assert "is INVALID: it tells nothing" in capsys.readouterr().out


def test_another_search_in_the_same_folder_is_refused(search):
    search(LimitedModule())
    with pytest.raises(BadSearch, match="another aim"):
        search(LimitedModule(), precision=0.1)
    with pytest.raises(BadSearch, match="another seed"):
        search(LimitedModule(), seed=8)


def test_a_folder_with_something_else_is_refused(search, tmp_path):
    (tmp_path / "search").mkdir()
    (tmp_path / "search" / "mine.txt").touch()
    with pytest.raises(BadSearch, match=r"mine\.txt and no search"):
        search(LimitedModule())
