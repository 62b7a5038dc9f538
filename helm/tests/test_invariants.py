"""What must hold in everything that the chart renders, whatever the values."""

import json
import shutil
from pathlib import Path

import pytest
import yaml
from conftest import CHART, VALUES, objects, of_kind, pods, rendered, template

ROLES = ["coordinator", "worker", "aggregator"]
SELECTORS = Path(__file__).with_name("selectors.json")


def containers(spec: dict) -> list[dict]:
    return spec["containers"] + spec.get("initContainers", [])


def test_every_pod_is_restricted(values: str) -> None:
    for component, spec in pods(values).items():
        security = spec["securityContext"]
        assert security["runAsNonRoot"] is True, component
        assert security["runAsUser"] == 10001, component
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}, component
        assert spec["automountServiceAccountToken"] is False, component
        for container in containers(spec):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, component
            assert "memory" in container["resources"]["limits"], component
            assert {"cpu", "memory"} <= container["resources"]["requests"].keys(), component


def test_no_pod_gets_service_links(values: str) -> None:
    # A Service named scanfleet-… would otherwise give every pod SCANFLEET_… variables of its own.
    for component, spec in pods(values).items():
        assert spec["enableServiceLinks"] is False, component


def test_no_secret_stands_in_an_environment(values: str) -> None:
    secret = {"SCANFLEET_EXTERNAL_ID", "SCANFLEET_HUBOT_TOKEN", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    secret |= {"REDIS_PASSWORD", "VALKEY_PASSWORD"}
    for component, spec in pods(values).items():
        for container in containers(spec):
            for variable in container.get("env", []):
                if variable["name"] in secret:
                    assert "secretKeyRef" in variable["valueFrom"], (component, variable)
                if variable["name"] == "SCANFLEET_REDIS_URL" and "@" in variable.get("value", ""):
                    assert ":$(REDIS_PASSWORD)@" in variable["value"], component
    for item in of_kind(values, "ConfigMap").values():
        for key, text in item["data"].items():
            assert not any(name in key for name in secret | {"SCANFLEET_REDIS_URL"}), key
            assert "://:" not in text


def test_a_password_precedes_the_url_that_names_it(values: str) -> None:
    # Kubernetes fills in only what stands before.
    for component, spec in pods(values).items():
        for container in containers(spec):
            names = [variable["name"] for variable in container.get("env", [])]
            assert len(names) == len(set(names)), component
            if "REDIS_PASSWORD" in names:
                assert names.index("REDIS_PASSWORD") < names.index("SCANFLEET_REDIS_URL"), component


def test_replicas_are_the_autoscalers(values: str) -> None:
    autoscaled = [item for item in rendered(values) if item["kind"] in {"ScaledObject", "HorizontalPodAutoscaler"}]
    worker = of_kind(values, "Deployment")["worker"]
    assert ("replicas" in worker["spec"]) == (not autoscaled)
    assert all(item["spec"]["scaleTargetRef"]["name"] == worker["metadata"]["name"] for item in autoscaled)
    for component, item in of_kind(values, "Deployment").items():
        assert component == "worker" or "replicas" in item["spec"]


def test_roles_are_given_longer_than_their_drain(values: str) -> None:
    for role in ROLES:
        assert pods(values)[role]["terminationGracePeriodSeconds"] >= 25


def test_everything_is_probed_at_a_port_that_it_names(values: str) -> None:
    for component, item in of_kind(values, "Deployment").items():
        container = item["spec"]["template"]["spec"]["containers"][0]
        ports = {port["name"] for port in container["ports"]}
        for probe in ("livenessProbe", "readinessProbe"):
            assert container[probe]["httpGet"]["port"] in ports, component
    for role in ROLES:
        container = pods(values)[role]["containers"][0]
        assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_selectors_find_their_pods_and_no_others(values: str) -> None:
    labels = {
        item["metadata"]["labels"]["app.kubernetes.io/component"]: item["spec"]["template"]["metadata"]["labels"]
        for item in rendered(values)
        if item["kind"] in {"Deployment", "StatefulSet"}
    }
    for item in rendered(values):
        match item["kind"]:
            case "Deployment" | "StatefulSet" | "PodDisruptionBudget":
                selector = item["spec"]["selector"]["matchLabels"]
            case "Service":
                selector = item["spec"]["selector"]
            case _:
                continue
        component = item["metadata"]["labels"]["app.kubernetes.io/component"]
        found = [name for name, given in labels.items() if selector.items() <= given.items()]
        assert found == [component], (item["kind"], component)


def test_selectors_are_those_of_the_first_release() -> None:
    """An upgrade cannot change them, nor the volume claims; selectors.json is only ever added to."""
    now = {}
    for item in rendered("minimal"):
        if item["kind"] in {"Deployment", "StatefulSet"}:
            now[f"{item['kind']}/{item['metadata']['name']}"] = {
                "selector": item["spec"]["selector"]["matchLabels"],
                "serviceName": item["spec"].get("serviceName"),
                "claims": [claim["metadata"]["name"] for claim in item["spec"].get("volumeClaimTemplates", [])],
            }
    assert json.loads(SELECTORS.read_text()) == now


def test_service_accounts_have_the_names_that_associations_use(values: str) -> None:
    made = {item["metadata"]["name"] for item in rendered(values) if item["kind"] == "ServiceAccount"}
    for component, spec in pods(values).items():
        if component == "valkey":
            assert "serviceAccountName" not in spec
        else:
            assert spec["serviceAccountName"] in made | {"default", "shared"}, component


def test_irsa_annotates_each_role() -> None:
    accounts = of_kind("keda", "ServiceAccount")
    for role in ("coordinator", "worker"):
        assert accounts[role]["metadata"]["annotations"]["eks.amazonaws.com/role-arn"].endswith(f"scanfleet-{role}")


def test_digests_win_and_mirrors_replace_registries() -> None:
    images = {component: spec["containers"][0]["image"] for component, spec in pods("hpa").items()}
    assert images["worker"].startswith("mirror.example.com/hub/scanfleet/scanfleet@sha256:0")
    assert images["dashboard"].startswith("mirror.example.com/hub/scanfleet/scanfleet-dashboard@sha256:1")
    assert images["valkey"].startswith("mirror.example.com/hub/valkey/valkey@sha256:2")
    assert all(spec["imagePullSecrets"] == [{"name": "mirror"}] for spec in pods("hpa").values())


def test_the_listed_images_are_those_that_run() -> None:
    listed = yaml.safe_load(yaml.safe_load((CHART / "Chart.yaml").read_text())["annotations"]["artifacthub.io/images"])
    used = {container["image"] for spec in pods("minimal").values() for container in containers(spec)}
    assert {entry["image"] for entry in listed} == used


def test_keda_trusts_the_authorities_that_the_fleet_does() -> None:
    inner = of_kind("keda-redis", "TriggerAuthentication")["worker"]["spec"]["secretTargetRef"]
    assert {entry["parameter"]: entry["name"] for entry in inner} == {"password": "valkey-password", "ca": "valkey-tls"}
    outer = of_kind("external-redis", "TriggerAuthentication")["worker"]["spec"]
    assert outer["secretTargetRef"] == [{"parameter": "password", "name": "elasticache", "key": "password"}]
    assert outer["configMapTargetRef"] == [{"parameter": "ca", "name": "authorities", "key": "ca.crt"}]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("keda", {"metrics-api"}),
        ("keda-prometheus", {"prometheus"}),
        ("keda-redis", {"redis"}),
        ("external-redis", {"redis"}),
    ],
)
def test_keda_keeps_the_workers_while_it_cannot_ask(name: str, expected: set[str]) -> None:
    spec = of_kind(name, "ScaledObject")["worker"]["spec"]
    assert {trigger["type"] for trigger in spec["triggers"]} == expected
    # A fallback counts for average values only.
    assert all(trigger["metricType"] == "AverageValue" for trigger in spec["triggers"])
    assert spec["fallback"]["behavior"] == "currentReplicasIfHigher"
    assert spec["maxReplicaCount"] >= spec["minReplicaCount"]


def test_kedas_question_is_zero_safe() -> None:
    metrics = of_kind("keda", "ScaledObject")["worker"]["spec"]["triggers"][0]["metadata"]
    assert metrics["valueLocation"] == "desired_workers"
    assert (metrics["targetValue"], metrics["activationTargetValue"]) == ("1", "0")
    assert metrics["url"] == "http://fleet-scanfleet-coordinator.watch.svc:8080/v1/queue"
    # No single key of the queue holds all work; together these hold every state in which work can be.
    redis = of_kind("keda-redis", "ScaledObject")["worker"]["spec"]["triggers"]
    assert {trigger["metadata"]["listName"] for trigger in redis} == {
        f"{{blue}}:{key}" for key in ("ring:now", "ring:bulk", "lease", "dly", "susp")
    }
    assert all(trigger["metadata"]["activationListLength"] == "0" for trigger in redis)


def test_nginx_is_given_a_whole_name() -> None:
    # Its resolver knows no search domains.
    given = {entry["name"]: entry.get("value") for entry in pods("minimal")["dashboard"]["containers"][0]["env"]}
    assert given["DASHBOARD_COORDINATOR_URL"] == "http://fleet-scanfleet-coordinator.watch.svc.cluster.local:8080"


def test_an_hpa_never_asks_for_zero() -> None:
    assert of_kind("hpa", "HorizontalPodAutoscaler")["worker"]["spec"]["minReplicas"] == 1


def test_valkey_forgets_nothing_and_admits_the_fleet_alone(values: str) -> None:
    if "valkey" not in pods(values):
        return
    data = of_kind(values, "ConfigMap")["valkey"]["data"]
    for line in ("appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction"):
        assert line in data["valkey.conf"]
    assert "user default off" in data["start"]
    fleet = "blue" if values == "keda-redis" else "scanfleet"
    assert f"~{{{fleet}}}:* +@all -@admin -@dangerous +info" in data["start"]
    assert "resetchannels" in data["start"]


def test_network_policies_cover_every_pod(values: str) -> None:
    policies = of_kind(values, "NetworkPolicy")
    if values == "bare":
        assert not policies
        return
    assert pods(values).keys() <= policies.keys()
    for component, policy in policies.items():
        assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"], component
        for rule in policy["spec"]["ingress"] or []:
            assert component == "dashboard" or rule["from"], component
        for rule in policy["spec"]["egress"] or []:
            assert rule["ports"], component


def egress(name: str, component: str) -> set[int | str]:
    """The ports that a component may reach anywhere."""
    rules = of_kind(name, "NetworkPolicy")[component]["spec"]["egress"]
    return {port["port"] for rule in rules if "to" not in rule for port in rule["ports"]}


def test_network_policies_open_the_ports_of_what_is_named() -> None:
    everything = {53, 443, 3128}
    for component in pods("everything").keys() - {"valkey", "dashboard"}:
        assert egress("everything", component) == everything, component
    assert egress("everything", "dashboard") == everything | {80, 4180}
    for component, more in {"worker": set(), "aggregator": {3000}, "dashboard": {8443}}.items():
        assert egress("redis-url", component) - {6380} == {53, 443, 4566, 9000} | more, component
    assert 6380 in egress("redis-url", "worker")



def test_init_needs_nothing_of_the_release() -> None:
    for name in ("redis-url", "everything"):
        container = pods(name)["init"]["containers"][0]
        assert "envFrom" not in container
        assert {"SCANFLEET_BUCKET", "AWS_REGION"} <= {variable["name"] for variable in container["env"]}
    hooks = [item for item in rendered("everything") if "helm.sh/hook" in item["metadata"].get("annotations", {})]
    assert {item["kind"] for item in hooks} == {"ServiceAccount", "Job", "NetworkPolicy", "Pod"}


def test_every_pod_goes_where_it_is_sent() -> None:
    for component, spec in pods("everything").items():
        assert spec["nodeSelector"] == {"kubernetes.io/arch": "amd64"}, component
        assert spec["tolerations"], component


def test_init_waits_for_no_class_of_the_release() -> None:
    made = {item["metadata"]["name"] for item in rendered("everything") if item["kind"] == "PriorityClass"}
    answer = template("helm4", "--values", str(VALUES["everything"]), "--set", "init.priorityClassName=")
    [job] = [item for item in objects(answer.stdout) if item["kind"] == "Job"]
    assert job["spec"]["template"]["spec"].get("priorityClassName") not in made


def test_preemption_spares_the_queue() -> None:
    classes = {item["metadata"]["name"]: item["value"] for item in rendered("everything") if item["kind"] == "PriorityClass"}
    chosen = {
        component: classes[spec["priorityClassName"]]
        for component, spec in pods("everything").items()
        if component != "init" and "priorityClassName" in spec
    }
    assert set(chosen) == {"coordinator", "worker", "aggregator", "dashboard", "valkey", "test"}
    assert all(value > chosen["worker"] for component, value in chosen.items() if component != "worker")


def test_a_changed_setting_rolls_the_pods() -> None:
    def checksum(*more: str) -> str:
        answer = template("helm4", "--values", str(VALUES["minimal"]), *more)
        workers = [item for item in objects(answer.stdout) if item["kind"] == "Deployment" and "worker" in item["metadata"]["name"]]
        return json.dumps(workers[0]["spec"]["template"]["metadata"]["annotations"])

    assert checksum() != checksum("--set", "config.regions=eu-north-1")
    assert checksum() != checksum("--set", "files.a=b")
    assert checksum() == checksum("--set", "dashboard.replicas=3")


def test_an_upgrade_of_the_chart_alone_restarts_nothing(tmp_path: Path) -> None:
    shutil.copytree(CHART, tmp_path / "scanfleet")
    about = tmp_path / "scanfleet/Chart.yaml"
    about.write_text(about.read_text().replace("\nversion: 0.", "\nversion: 99."))
    answer = template("helm4", "--values", str(VALUES["minimal"]), chart=tmp_path / "scanfleet")
    for item in objects(answer.stdout):
        if item["kind"] in {"Deployment", "StatefulSet"}:
            before = of_kind("minimal", item["kind"])[item["metadata"]["labels"]["app.kubernetes.io/component"]]
            assert item["metadata"]["labels"] != before["metadata"]["labels"]
            assert item["spec"] == before["spec"], item["metadata"]["name"]
