"""The manifests hold to Kubernetes' schemas and restricted standard, and fit each other, the image and the settings."""

import re

import kubernetes_validate
import pytest

from app.settings import Settings
from tests.deploy.manifests import (
    FOLDER,
    ROOT,
    Manifest,
    compose,
    container,
    labels,
    manifests,
    one,
    read,
    selectors,
    workloads,
)

OLDEST = "1.30"  # deployment.yaml says so
KINDS = {
    "ConfigMap", "Deployment", "HorizontalPodAutoscaler", "Ingress", "NetworkPolicy", "PodDisruptionBudget", "Service",
    "StatefulSet",
}  # fmt: skip
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")

every_workload = pytest.mark.parametrize("workload", workloads(), ids=lambda each: each["metadata"]["name"])
every_manifest = pytest.mark.parametrize(
    "manifest", manifests(), ids=lambda each: f"{each['kind']}-{each['metadata']['name']}"
)


def pairs(arguments: list[str]) -> dict[str, str]:
    """Options with their values."""
    return dict(zip(arguments[::2], arguments[1::2], strict=True))


def test_every_kind_that_is_needed_is_there() -> None:
    assert {manifest["kind"] for manifest in manifests()} == KINDS


@pytest.mark.parametrize("version", [OLDEST, kubernetes_validate.latest_version()])
@every_manifest
def test_every_manifest_holds_to_the_schema_of_its_kind(manifest: Manifest, version: str) -> None:
    kubernetes_validate.validate(manifest, version, strict=True)


def test_the_schemas_notice_a_field_that_does_not_exist() -> None:
    wrong = one("Service") | {"spec": {"portz": []}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, OLDEST, strict=True)


@every_manifest
def test_no_manifest_names_a_namespace_of_its_own(manifest: Manifest) -> None:
    assert "namespace" not in manifest["metadata"]


@every_manifest
def test_whatever_picks_pods_picks_some(manifest: Manifest) -> None:
    pods = [labels(workload) for workload in workloads()]
    for selector in selectors(manifest):
        assert any(selector.items() <= pod.items() for pod in pods), selector


@every_workload
def test_pods_hold_to_the_restricted_standard(workload: Manifest) -> None:
    pod, process = workload["spec"]["template"]["spec"], container(workload)["securityContext"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert process["allowPrivilegeEscalation"] is False
    assert process["readOnlyRootFilesystem"] is True
    assert process["capabilities"] == {"drop": ["ALL"]}
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False


@every_workload
def test_pods_are_bounded_and_probed(workload: Manifest) -> None:
    process = container(workload)
    assert process["resources"]["requests"].keys() == process["resources"]["limits"].keys() == {"cpu", "memory"}
    assert {"readinessProbe", "livenessProbe"} <= process.keys()


def test_probes_ask_whether_the_process_lives_and_whether_it_is_ready() -> None:
    process = container(one("Deployment"))
    paths = {name: process[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness", "readiness")}
    assert paths == {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"}


def test_pods_wait_for_load_balancers_and_for_their_work_before_they_are_killed() -> None:
    pod = one("Deployment")["spec"]["template"]["spec"]
    waits = container(one("Deployment"))["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod["terminationGracePeriodSeconds"] >= waits + Settings().graceful_seconds + 5


def test_the_pod_runs_as_the_user_and_on_the_port_of_the_image() -> None:
    pod = one("Deployment")["spec"]["template"]["spec"]
    assert f"USER {pod['securityContext']['runAsUser']}\n" in DOCKERFILE
    ports = container(one("Deployment"))["ports"]
    assert [f"EXPOSE {port['containerPort']}\n" in DOCKERFILE for port in ports] == [True]


def test_the_autoscaler_and_the_ingress_lead_to_what_is_there() -> None:
    target = one("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
    assert one(target["kind"], target["name"])["apiVersion"] == target["apiVersion"]
    assert "replicas" not in one(target["kind"])["spec"]  # each apply would undo what the autoscaler did
    (rule,) = one("Ingress")["spec"]["rules"]
    for path in rule["http"]["paths"]:
        service = path["backend"]["service"]
        ports = [port["name"] for port in one("Service", service["name"])["spec"]["ports"]]
        assert service["port"]["name"] in ports


def test_the_ingress_serves_a_host_that_descent_answers_for() -> None:
    (rule,) = one("Ingress")["spec"]["rules"]
    assert rule["host"] == one("ConfigMap")["data"]["DESCENT_ALLOWED_HOSTS"]


@every_workload
def test_ports_are_named_where_services_and_policies_look_for_them(workload: Manifest) -> None:
    name = workload["metadata"]["name"]
    named = {port["name"] for port in container(workload)["ports"]}
    assert {port["targetPort"] for port in one("Service", name)["spec"]["ports"]} <= named
    inward = one("NetworkPolicy", name)["spec"]["ingress"]
    assert {port["port"] for rule in inward for port in rule["ports"]} <= named


def test_settings_and_secrets_are_settings_and_the_command_makes_every_secret() -> None:
    (file,) = [path for path in FOLDER.rglob("*.yaml") if any(each["kind"] == "ConfigMap" for each in read(path))]
    literals = dict(re.findall(r"--from-literal=([a-z-]+)=(\S+)", file.read_text(encoding="utf-8")))
    variables = {
        each["name"]: literals[each["valueFrom"]["secretKeyRef"]["key"]]
        for workload in workloads()
        for each in container(workload)["env"]
    }
    assert variables.pop("REDISCLI_AUTH") == "PASSWORD"
    variables["DESCENT_ACCESS_TOKEN"] *= 3  # the word in the comment is shorter than a token may be
    settings = Settings.from_environment({}, variables | one("ConfigMap")["data"])
    assert settings.store == "redis://:PASSWORD@descent-valkey:6379/0"
    assert one("Service", "descent-valkey")["spec"]["ports"][0]["port"] == 6379


def test_valkey_keeps_what_was_acknowledged_in_the_cluster_as_in_compose() -> None:
    in_cluster = pairs(container(one("StatefulSet", "descent-valkey"))["args"])
    composed = pairs(compose()["services"]["valkey"]["command"])
    assert in_cluster.pop("--requirepass")
    assert composed.pop("--protected-mode") == "no"
    assert in_cluster == composed
    kept = {"--appendonly": "yes", "--appendfsync": "always", "--maxmemory-policy": "noeviction"}
    assert kept.items() <= composed.items()
