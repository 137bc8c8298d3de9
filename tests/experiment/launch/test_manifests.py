"""The objects of a run by pods, made from the manifests that kubectl applies."""

import pytest

from experiment.launch.manifests import (
    BadLabel,
    PodRun,
    check_label,
    generator_image,
    k8s_folder,
    keeper_objects,
    owned_by,
    path_of,
    run_objects,
)

RUN = PodRun("run1", "shop", 3, ("--rps=4",), "generator:1", "50m", {"data": "{}"})


def objects(run=RUN):
    return {
        f"{one['kind']} {one['metadata']['name'].removesuffix('-' + run.suffix)}": one
        for one in run_objects(k8s_folder(), run)
    }


def pod(job):
    return job["spec"]["template"]["spec"]


def test_every_object_is_of_the_run_by_its_name_its_label_and_its_namespace():
    for one in objects().values():
        assert one["metadata"]["name"].endswith(f"-{RUN.suffix}")
        assert one["metadata"]["labels"]["locust-knative/run"] == "run1"
        assert one["metadata"]["namespace"] == "shop"
        assert path_of(one).endswith(("configmaps", "services", "jobs", "secrets"))


def test_the_master_is_first_and_waits_until_all_else_is_there():
    first, *others = run_objects(k8s_folder(), RUN)
    assert first["metadata"]["name"] == RUN.named("locust-master")
    assert first["spec"]["suspend"] is True
    assert not any(one["spec"].get("suspend") for one in others if one["kind"] == "Job")


def test_as_many_workers_as_asked_for_look_for_the_master_of_their_own_run():
    made = objects()
    worker, service = made["Job locust-worker"], made["Service locust-master"]
    assert (worker["spec"]["completions"], worker["spec"]["parallelism"]) == (3, 3)
    assert pod(worker)["containers"][0]["args"] == [
        "--worker",
        "--master-host",
        service["metadata"]["name"],
    ]
    labels = made["Job locust-master"]["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"].items() <= labels.items()
    assert service["spec"]["selector"]["locust-knative/run"] == "run1"
    assert made["ConfigMap locust-options"]["data"]["LOCUST_EXPECT_WORKERS"] == "3"


def test_the_options_of_the_example_run_are_not_this_runs():
    data = objects()["ConfigMap locust-options"]["data"]
    assert set(data) == {
        "LOCUST_EXPECT_WORKERS",
        "LOCUST_EXPECT_WORKERS_MAX_WAIT",
        "LOCUST_EXIT_CODE_ON_ERROR",
        "LOCUST_ONLY_SUMMARY",
        "LOCUST_RECORDS",
    }
    args = pod(objects()["Job locust-master"])["containers"][0]["args"]
    assert args == ["--master", "--headless", "--rps=4"]


def test_both_jobs_see_the_files_run_the_image_and_ask_for_the_cpu():
    made = objects()
    files = made["ConfigMap locust-files"]
    assert files["data"] == {"data": "{}"}
    for name in ("Job locust-master", "Job locust-worker"):
        volumes = {one["name"]: one for one in pod(made[name])["volumes"]}
        assert volumes["files"]["configMap"]["name"] == files["metadata"]["name"]
        containers = [*pod(made[name])["initContainers"], *pod(made[name])["containers"]]
        assert {one["image"] for one in containers} == {"generator:1"}
        assert containers[-1]["resources"]["requests"]["cpu"] == "50m"


def test_without_an_image_it_is_the_one_of_the_settings():
    image = pod(objects(PodRun("r", "shop", 1, ()))["Job locust-master"])["containers"][0]["image"]
    assert image == generator_image(k8s_folder())
    assert image.endswith(":0.1.0")


def test_what_is_secret_is_in_a_secret_that_only_the_master_reads():
    made = objects(PodRun("run1", "shop", 1, (), secrets={"LOCUST_METADATA": "key=x"}))
    secret = made["Secret locust-secrets"]
    sources = pod(made["Job locust-master"])["containers"][0]["envFrom"]
    assert {"secretRef": {"name": secret["metadata"]["name"]}} in sources
    others = [one for name, one in made.items() if name != "Secret locust-secrets"]
    assert "key=x" not in str(others)


def test_the_keeper_of_records_has_no_run_and_no_other_account_comes_with_it():
    made = keeper_objects(k8s_folder(), RUN)
    assert [(one["kind"], one["metadata"]["name"]) for one in made] == [
        ("ServiceAccount", "generator"),
        ("Deployment", "locust-results"),
        ("Service", "locust-results"),
    ]
    assert all(one["metadata"]["namespace"] == "shop" for one in made)
    assert all("locust-knative/run" not in one["metadata"].get("labels", {}) for one in made)


def test_an_object_names_its_owner():
    owner = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "m", "uid": "1"}}
    thing = owned_by({"metadata": {"name": "x"}}, owner)
    assert thing["metadata"]["ownerReferences"] == [
        {"apiVersion": "batch/v1", "kind": "Job", "name": "m", "uid": "1"}
    ]


@pytest.mark.parametrize("name", ["run.", "-run", "a" * 64])
def test_a_name_that_is_no_label_is_refused(name):
    with pytest.raises(BadLabel, match="up to 63"):
        check_label(name)
