import dataclasses

import pytest

from experiment.knative.service import service_facts
from experiment.knative.ways import Way, ways_in
from experiment.resources import INGRESSES, SERVICES

OUTSIDE, INSIDE = "worker.loadtest.example.com", "worker.loadtest.svc.cluster.local"
SERVICE = {
    "metadata": {"namespace": "loadtest", "name": "worker"},
    "spec": {"template": {"spec": {"containers": [{}]}}},
    "status": {"url": f"http://{OUTSIDE}", "address": {"url": f"http://{INSIDE}"}},
}


@pytest.fixture
def service():
    return service_facts(SERVICE, {})


@pytest.fixture
def two_gateways(api):
    """An ingress with a gateway for the world and another for the cluster."""
    gateways = {"publicLoadBalancer": "front", "privateLoadBalancer": "back"}
    balancers = {
        field: {"ingress": [{"domainInternal": f"{name}.gateways.svc.cluster.local"}]}
        for field, name in gateways.items()
    }
    api.put(INGRESSES.path("loadtest"), {"metadata": {"name": "worker"}, "status": balancers})
    for address, name in (("10.0.0.1", "front"), ("10.0.0.2", "back")):
        front = {"metadata": {"name": name}, "spec": {"clusterIP": address}}
        api.put(SERVICES.path("gateways"), front)


def resolves_nothing(name):
    return False


@pytest.mark.usefixtures("two_gateways")
def test_both_gateways_are_tried_each_with_the_name_that_it_routes_by(cluster, service):
    assert list(ways_in(cluster, service, resolves_nothing)) == [
        Way("10.0.0.1:80", OUTSIDE),
        Way("10.0.0.2:80", INSIDE),
    ]


@pytest.mark.usefixtures("two_gateways")
def test_a_service_that_only_the_cluster_reaches_is_not_tried_from_outside(cluster, service):
    private = dataclasses.replace(service, url=service.address)
    assert list(ways_in(cluster, private, resolves_nothing)) == [Way("10.0.0.2:80", INSIDE)]
