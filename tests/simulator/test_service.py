import pytest

from simulator.errors import InvalidSetting
from simulator.service import PREFIX, Service
from verdict.pods_needed import pod_target


@pytest.mark.parametrize(
    ("service", "target", "total"),
    [
        pytest.param(Service(), 70.0, 100.0, id="without a limit, Knative's default"),
        pytest.param(Service(container_concurrency=1), 0.7, 1.0, id="the limit"),
        pytest.param(Service(container_concurrency=10, target=4), 2.8, 4.0, id="what is asked"),
        pytest.param(Service(container_concurrency=2, target=9), 1.4, 2.0, id="up to the limit"),
        pytest.param(Service(metric="rps"), 140.0, 200.0, id="calls a second"),
        pytest.param(Service(container_concurrency=1, metric="rps", target=5), 3.5, 5.0, id="rps"),
        pytest.param(Service(target=0.001), 0.01, 0.001, id="never below a hundredth"),
    ],
)
def test_pods_are_kept_at_a_share_of_what_they_can_take(service, target, total):
    settings = service.scaler_settings()

    assert settings.target_value == pytest.approx(target)
    assert settings.total_value == pytest.approx(total)


@pytest.mark.parametrize(
    "service",
    [Service(), Service(container_concurrency=4, target=3, max_scale=9), Service(target=8)],
)
def test_the_verdict_reads_the_same_target_from_the_manifest(service):
    read = pod_target(service.as_manifest())

    assert read.value == pytest.approx(service.scaler_settings().target_value)
    assert read.metric == service.metric


def test_the_manifest_has_the_names_of_knatives_annotations():
    annotations = Service(window_s=30.0).as_manifest()["service"]["annotations"]

    assert annotations[f"{PREFIX}window"] == "30s"
    assert annotations[f"{PREFIX}panic-threshold-percentage"] == "200"


@pytest.mark.parametrize(("window_s", "panic_s"), [(60.0, 6), (6.0, 1), (15.0, 2), (3600.0, 360)])
def test_the_short_window_is_a_tenth_in_whole_seconds(window_s, panic_s):
    assert Service(window_s=window_s).scaler_settings().panic_window_s == panic_s


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"window_s": 5.0}, "window is 5 s; valid: whole seconds from 6 s to 1 h"),
        ({"window_s": 6.5}, "window is 6.5 s"),
        ({"min_scale": 3, "max_scale": 2}, "min-scale is 3 and max-scale 2"),
        ({"panic_threshold": 1.0}, "panic threshold is 1"),
    ],
)
def test_what_knative_refuses_is_refused(settings, said):
    with pytest.raises(InvalidSetting, match=said):
        Service(**settings)
