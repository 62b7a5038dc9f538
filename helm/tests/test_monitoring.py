"""Rules, dashboards and monitors: what ops/monitoring writes arrives in the cluster, as the cluster wants it."""

import json
import re

import yaml
from conftest import CHART, VALUES, objects, of_kind, rendered, template

FILES = CHART / "files"
# What Prometheus' operator puts on every series of a target.
ADDED = {
    "ServiceMonitor": {"namespace", "service", "pod", "container", "endpoint", "job", "instance"},
    "PodMonitor": {"namespace", "pod", "container", "endpoint", "job", "instance"},
}


def rules(name: str, *more: str) -> dict[str, dict]:
    """The alerts of a rendered PrometheusRule by their names."""
    answer = template("helm4", "--values", str(VALUES[name]), *more)
    assert answer.returncode == 0, answer.stderr
    [made] = [item for item in objects(answer.stdout) if item["kind"] == "PrometheusRule"]
    return {rule["alert"]: rule for group in made["spec"]["groups"] for rule in group["rules"] if "alert" in rule}


def test_boards_are_those_of_monitoring() -> None:
    boards = sorted(path.name for path in (FILES / "dashboards").glob("*.json"))
    made = [item for item in rendered("keda") if item["kind"] == "ConfigMap" and "grafana_dashboard" in item["metadata"]["labels"]]
    assert sorted(key for item in made for key in item["data"]) == boards
    for item in made:
        for key, text in item["data"].items():
            assert json.loads(text) == json.loads((FILES / "dashboards" / key).read_text())


def test_rules_are_those_of_monitoring_where_nothing_is_changed() -> None:
    [rule] = [item for item in rendered("keda") if item["kind"] == "PrometheusRule"]
    assert rule["spec"] == yaml.safe_load((FILES / "rules.yaml").read_text())
    assert "{{" in json.dumps(rule["spec"]), "annotations keep Prometheus' own templates"


def test_alerts_are_left_out_labelled_and_led_to_another_wiki() -> None:
    everything, changed = rules("keda"), rules("external-redis")
    assert everything.keys() - changed.keys() == {"ScanfleetTwoLeaders", "ScanfleetRedisNotDurable"}
    for name, alert in changed.items():
        assert alert["labels"] == {"severity": everything[name]["labels"]["severity"], "team": "platform"}
        assert alert["annotations"]["runbook_url"] == f"https://wiki.example.com/scanfleet/{name}.md"


def test_a_redis_of_ones_own_may_be_asked_for_its_log() -> None:
    assert "ScanfleetRedisNotDurable" in rules("external-redis", "--set", "metrics.rules.externalRedisDurable=true")


def test_a_target_is_not_labelled_as_metrics_are() -> None:
    """A label that both have would come from the target, and the metric's own be called exported_…"""
    text = "".join(path.read_text() for path in [FILES / "rules.yaml", *(FILES / "dashboards").glob("*.json")])
    used = {name for names in re.findall(r"\b(?:by|on) \(([\w, ]+)\)", text) for name in names.split(", ")}
    assert {"service", "kind", "role"} <= used
    monitors = [item for item in rendered("keda") if item["kind"] in ADDED]
    assert monitors
    for item in monitors:
        assert ADDED[item["kind"]] & used == {"namespace"}


def test_every_role_is_scraped_once() -> None:
    [monitor] = of_kind("keda", "PodMonitor").values()
    [expression] = monitor["spec"]["selector"]["matchExpressions"]
    assert expression["values"] == ["coordinator", "worker", "aggregator"]
    for role in expression["values"]:
        template = of_kind("keda", "Deployment")[role]["spec"]["template"]
        assert monitor["spec"]["selector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
        assert monitor["spec"]["podMetricsEndpoints"][0]["port"] == template["spec"]["containers"][0]["ports"][0]["name"]
