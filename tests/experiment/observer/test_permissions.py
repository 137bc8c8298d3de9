import pytest

from experiment.kube_errors import NotFound
from experiment.observer.permissions import MayNotObserve, check_permissions
from experiment.observer.readers import WATCHED
from experiment.resources import KNATIVE_SERVICES, POD_AUTOSCALERS, PODS
from tests.experiment.observer.things import thing


@pytest.fixture
def served(api):
    api.put(KNATIVE_SERVICES.path("loadtest"), thing(name="worker"))
    for watched in WATCHED:
        api.put(watched.resource.path("loadtest"), thing(name="other"))
    return api


def test_with_all_permissions_nothing_is_said(served, cluster):
    check_permissions(cluster, "loadtest", "worker")


def test_every_permission_that_is_missing_is_named_with_the_role_that_has_it(served, cluster):
    served.refuse(POD_AUTOSCALERS.path("loadtest"), 403)
    served.refuse(PODS.path("loadtest"), 403)
    with pytest.raises(MayNotObserve) as refused:
        check_permissions(cluster, "loadtest", "worker")
    assert str(refused.value) == (
        "no permission in namespace loadtest to "
        "list and watch podautoscalers.autoscaling.internal.knative.dev, list and watch pods: "
        "bind the Role `observer` of k8s/base/roles.yaml"
    )


def test_a_service_that_is_not_there_is_named(served, cluster):
    served.remove(KNATIVE_SERVICES.path("loadtest"), "worker")
    with pytest.raises(NotFound, match=r"there is no services\.serving\.knative\.dev worker"):
        check_permissions(cluster, "loadtest", "worker")
