import pytest
import yaml

from experiment.sweep.presets import PRESETS
from experiment.sweep.spec import BadSpec, read_spec, spec_from

LEAST = {"name": "a", "rates_rps": [5], "duration": "10s"}
FROM_WHICH = "valid: a number of requests per second above 0 and up to 1,000,000"
TIMES = "valid: a time such as 500ms, 10s, 12m, 1h20m, 1.5s or 90 (seconds)"


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_comes_back_from_its_plain_values(name):
    spec = read_spec(name)
    assert spec.name == name
    assert spec_from(spec.as_mapping(), name) == spec


def test_the_plain_values_of_a_sweep_are_a_file_of_it(tmp_path):
    path = tmp_path / "again.yaml"
    path.write_text(yaml.safe_dump(read_spec("seed").as_mapping()))
    assert read_spec(str(path)) == read_spec("seed")


def test_rates_are_a_list_or_steps_with_both_ends():
    spec = spec_from({**LEAST, "rates_rps": {"from": 0.5, "to": 2, "step": 0.5}}, "f")
    assert spec.rates_rps == (0.5, 1.0, 1.5, 2.0)


def test_a_file_without_a_name_is_named_after_its_file(tmp_path):
    path = tmp_path / "my sweep, the first.yaml"
    path.write_text("rates_rps: [5]\nduration: 10s\n")
    assert read_spec(str(path)).name == "my-sweep--the-first"


def test_times_are_seconds_where_they_are_numbers():
    spec = spec_from({**LEAST, "duration": 90, "spins": [0.25, "1s"]}, "f")
    assert (spec.duration_s, spec.spins_s) == (90.0, (0.25, 1.0))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rates_rps": [5, 0]}, f"rates_rps[1] is 0; {FROM_WHICH}"),
        ({"rates_rps": [5, True]}, f"rates_rps[1] is True; {FROM_WHICH}"),
        ({"rates_rps": []}, "rates_rps is []; valid: a number"),
        ({"rates_rps": {"from": 1}}, "a range has the keys from, to and step"),
        (
            {"rates_rps": {"from": 1, "to": 2, "step": 0.3}},
            "no whole number of steps of 0.3 from 1 to 2",
        ),
        ({"rates_rps": [5, 5.0]}, "rates_rps has 5.0 twice; valid: each once"),
        ({"laws": ["pois"]}, "laws[0] is 'pois'; valid: uniform (equidistant), poisson"),
        ({"spins": ["5 parsecs"]}, f"spins[0] is '5 parsecs'; {TIMES}"),
        ({"spins": ["0s"]}, "spins[0] is '0s'; valid: a list of times"),
        ({"duration": None}, f"duration is None; {TIMES}"),
        ({"warm_up": "10s"}, "warm_up is 10 s and duration 10 s; valid: a warm_up shorter"),
        ({"repetitions": 0}, "repetitions is 0; valid: a whole number from 1 to 1000"),
        ({"repetitions": "x"}, "repetitions is 'x'; valid: a whole number from 1 to 1000"),
        ({"overload": "maybe"}, "overload is 'maybe'; valid: run, probe, skip"),
        ({"ground": "moon"}, "ground is 'moon'; valid: local, cluster, simulated"),
        ({"arms": [{"name": "a b"}]}, "arms[0].name is 'a b'; valid: up to 24 letters"),
        ({"arms": [{"settings": {}}]}, "arms[0].name is missing; valid: up to 24 letters"),
        (
            {"arms": [{"name": "a", "set": 1}]},
            "arms[0].set: there is no such key; valid keys: name, settings",
        ),
        ({"arms": [{"name": "a"}, {"name": "a"}]}, "arms has a twice"),
        ({"checks": ["p99"]}, "checks[0] is 'p99'; valid: METRIC<NUMBER"),
        ({"pin": {"generator": [0]}}, "pin is {'generator': [0]}; valid: apart, or"),
        ({"locust": "--x"}, "locust is '--x'; valid: a list"),
        ({"initial": "0 ready"}, "initial is '0 ready'; valid: zero, N ready (as '2 ready'), new"),
        ({"ksvc": "worker"}, "ksvc is 'worker'; valid: NAMESPACE/NAME"),
        ({"in_cluster": 0}, "in_cluster is 0; valid: a whole number of worker pods"),
        ({"cores": -1}, "cores is -1; valid: the number of cores"),
        ({"seed": -1}, "seed is -1; valid: a whole number from 0"),
        ({"name": "../x"}, "name is '../x'; valid: up to 24"),
        ({"rate": 5}, "rate: there is no such key; valid keys: name, ground, rates_rps, laws"),
    ],
)
def test_a_bad_key_is_named_with_what_was_given_and_what_is_valid_in_one_line(change, said):
    with pytest.raises(BadSpec) as caught:
        spec_from({**LEAST, **change}, "f.yaml")
    assert str(caught.value).startswith("f.yaml: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_key_is_named():
    with pytest.raises(BadSpec, match="f: duration is missing; valid: a time such as"):
        spec_from({"name": "a", "rates_rps": [5]}, "f")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file or directory; valid: a file, or one of the presets seed, quick"),
        ("just text", "holds no keys; valid keys: name"),
        ("a: [1", "is no YAML: while parsing a flow sequence"),
    ],
)
def test_a_file_that_is_none_is_told_in_one_line(content, said, tmp_path):
    path = tmp_path / "sweep.yaml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(BadSpec) as caught:
        read_spec(str(path))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
