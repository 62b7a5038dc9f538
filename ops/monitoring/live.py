"""Runs a fleet under load with a real Prometheus, and asks it every expression of every rule and dashboard.

usage: live.py BIN     BIN is the folder of scanfleet and scanfleet-simulator
Redis, the simulator, two coordinators, two workers and an aggregator run as processes of their own; some calls are
throttled, some reports and messages fail. Exit status 1 where an expression has returned no number within the time,
where Prometheus cannot evaluate a rule, where a target's label hides a metric's own, or where promtool finds fault with a /metrics page.
"""

import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
from fleet import Fleet, page  # noqa: E402
from ports import free_port  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FILES = ROOT / "helm" / "scanfleet" / "files"
SECONDS = 400
# A counter's first rise needs two scrapes, and a range of some.
GRAFANA = {"$__rate_interval": "20s", "$namespace": ".*"}


def scrape(name: str, target: str) -> dict[str, object]:
    """A target with the labels that Prometheus' operator puts on it for the chart's PodMonitor."""
    labels = {"namespace": "watch", "pod": name, "container": name.split("-")[0], "endpoint": "http"}
    return {"targets": [target], "labels": labels}


def start_prometheus(fleet: Fleet, targets: dict[str, str]) -> str:
    places = [scrape(name, target) for name, target in targets.items()]
    configuration = {
        "global": {"scrape_interval": "2s", "evaluation_interval": "2s"},
        "rule_files": [str(FILES / "rules.yaml")],
        "scrape_configs": [{"job_name": "watch/scanfleet-roles", "static_configs": places}],
    }
    (fleet.directory / "prometheus.yaml").write_text(yaml.safe_dump(configuration))
    address = f"127.0.0.1:{free_port()}"
    fleet.start(
        "prometheus",
        "prometheus",
        "--config.file",
        fleet.directory / "prometheus.yaml",
        "--storage.tsdb.path",
        fleet.directory / "data",
        "--web.listen-address",
        address,
    )
    fleet.wait_for("prometheus", "Server is ready")
    return f"http://{address}"


def has_number(prometheus: str, expression: str) -> bool:
    answer = json.loads(page(prometheus, "/api/v1/query?" + urllib.parse.urlencode({"query": expression})))
    return any(math.isfinite(float(series["value"][1])) for series in answer["data"]["result"])


def becomes_true(prometheus: str, truth: str) -> bool:
    """A scrape that came too late hides a process until the next."""
    for _ in range(30):
        if has_number(prometheus, truth):
            return True
        time.sleep(2)
    return False


def expressions() -> dict[tuple[str, str], str]:
    """Expressions of panels and recording rules, by where they stand; alerts are silent where all is well."""
    found: dict[tuple[str, str], str] = {}
    exported = set(re.findall(r'"(scanfleet_\w+)"', (ROOT / "Sources/Observability/MetricName.swift").read_text()))
    awaited = set((ROOT / "ops/monitoring/awaited.txt").read_text().split()) - exported
    for group in yaml.safe_load((FILES / "rules.yaml").read_text())["groups"]:
        for rule in group["rules"]:
            if "record" not in rule:
                continue
            if any(name in awaited for name in re.findall(r"scanfleet_\w+", rule["expr"])):
                awaited.add(rule["record"])
            found[("rules", rule["record"])] = rule["record"]
    for path in sorted((FILES / "dashboards").glob("*.json")):
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel.get("targets", []):
                expression = target["expr"]
                for name, value in GRAFANA.items():
                    expression = expression.replace(name, value)
                found[(path.stem, f"{panel['title']} {target['refId']}")] = expression
    return {
        place: text
        for place, text in found.items()
        if not any(name in awaited for name in re.findall(r"[a-z_:]*scanfleet_\w+(?::\w+)?", text))
    }


def disturb(endpoint: str) -> None:
    """What makes the panels of trouble show something."""
    for query in [
        "service=ecr&throttle=0.05&times=10",
        "service=s3&operation=PutObject&error=0.5&times=12",
        "service=hubot&times=2&status=500",
    ]:
        page(endpoint, "/_fail?" + query, b"")


def main() -> int:
    problems = 0
    with tempfile.TemporaryDirectory(prefix="scanfleet-live.") as name, Fleet(
        pathlib.Path(sys.argv[1]), pathlib.Path(name)
    ) as fleet:
        endpoint = fleet.start_services(SCANFLEET_COLLECT_SCHEDULE="15s")
        fleet.run("init").check_returncode()
        disturb(endpoint)
        names = ["coordinator-1", "coordinator-2", "worker-1", "worker-2", "aggregator-1"]
        targets = {name: fleet.start_role(name) for name in names}
        prometheus = start_prometheus(fleet, targets)
        pending = expressions()
        count, began, seed = len(pending), time.time(), 1
        while pending and time.time() - began < SECONDS:
            time.sleep(3)
            seed += 1
            page(endpoint, f"/_change?seed={seed}", b"")
            pending = {place: text for place, text in pending.items() if not has_number(prometheus, text)}
        for place, text in sorted(pending.items()):
            print(f"no number for {': '.join(place)}: {text}")
        print(
            f"{count} expressions asked under load, {count - len(pending)} answered within {time.time() - began:.0f} s"
        )
        # One coordinator leads, the other says that it does not, and says nothing of the queue.
        for truth in [
            'count(scanfleet_role_leading{role="coordinator"}) == 2',
            'sum(scanfleet_role_leading{role="coordinator"}) == 1',
            "count(scanfleet_queue_backlog_jobs) == 1",
        ]:
            if not becomes_true(prometheus, truth):
                print(f"not true: {truth}")
                problems += 1
        # Prometheus renames a metric's own label where the target has one of that name, and every rule misses it.
        labels = json.loads(page(prometheus, "/api/v1/labels"))["data"]
        for label in [label for label in labels if label.startswith("exported_")]:
            print(f"the target's label hides the metrics' own: {label.removeprefix('exported_')}")
            problems += 1
        rules = json.loads(page(prometheus, "/api/v1/rules"))["data"]["groups"]
        sick = [rule for group in rules for rule in group["rules"] if rule["health"] != "ok"]
        for rule in sick:
            print(f"rule {rule['name']}: {rule['health']}: {rule.get('lastError')}")
        print(f"{sum(len(group['rules']) for group in rules)} rules evaluated, {len(sick)} with errors")
        for target in targets.values():
            check = subprocess.run(
                ["promtool", "check", "metrics"],
                input=page(f"http://{target}", "/metrics").encode(),
                capture_output=True,
            )
            problems += check.returncode != 0
            print((check.stdout + check.stderr).decode(), end="")
        print(f"{len(targets)} /metrics pages checked")
        problems += len(pending) + len(sick)
        if problems and "SCANFLEET_KEEP_LOGS" in os.environ:
            subprocess.run(["cp", "-r", name, os.environ["SCANFLEET_KEEP_LOGS"]], check=False)
    return 1 if problems else 0


sys.exit(main())
