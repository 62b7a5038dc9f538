"""Checks that rules, dashboards, runbooks, tests and the code agree.

usage: agree.py
  - every metric that an expression names is exported by the code, recorded by a rule, or awaited (awaited.txt)
  - every metric that the code exports is looked at somewhere
  - alerts, runbooks and unit tests are the same lists; a runbook has its four parts, and names commands, metrics and panels that exist
  - every unit test notices an alert that never fires, and one that always does
Exit status 1 where something disagrees.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

import promql_parser
import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FILES = ROOT / "helm" / "scanfleet" / "files"
PARTS = ["## Meaning", "## Impact", "## Diagnosis", "## Mitigation"]
SUFFIXES = ("_bucket", "_sum", "_count")
problems: list[str] = []


def exported() -> dict[str, str]:
    """Metrics of the code with whether they are histograms."""
    text = (ROOT / "Sources/Observability/MetricName.swift").read_text()
    cases = dict(re.findall(r'case (\w+) = "(scanfleet_\w+)"', text))
    histograms = re.search(r"case ([.\w, ]+): \.histogram", text)
    kinds = re.findall(r"\.(\w+)", histograms.group(1)) if histograms else []
    return {metric: "histogram" if case in kinds else "plain" for case, metric in cases.items()}


def plain(expression: str) -> str:
    """The expression without what only Grafana understands."""
    return expression.replace("$__rate_interval", "1m").replace("$namespace", ".*")


def named(expression: str) -> set[str]:
    promql_parser.parse(plain(expression))
    return set(re.findall(r"\b(?:[a-z_]+:)?scanfleet_[a-z0-9_]+(?::[a-z0-9]+)?", expression))


def groups() -> list[dict[str, object]]:
    return yaml.safe_load((FILES / "rules.yaml").read_text())["groups"]


def expressions() -> list[tuple[str, str]]:
    """Where each expression stands, and the expression."""
    found = [
        (str(rule.get("alert") or rule.get("record")), str(rule["expr"]))
        for group in groups()
        for rule in group["rules"]
    ]
    for path in sorted((FILES / "dashboards").glob("*.json")):
        for panel in json.loads(path.read_text())["panels"]:
            found += [(f"{path.stem}: {panel['title']}", target["expr"]) for target in panel.get("targets", [])]
    return found


def check_names() -> str:
    code = exported()
    recorded = {rule["record"] for group in groups() for rule in group["rules"] if "record" in rule}
    awaited = {line for line in (HERE / "awaited.txt").read_text().splitlines() if line and not line.startswith("#")}
    for name in sorted(awaited & code.keys()):
        print(f"{name} is exported by now: its line in awaited.txt may go")
    used: set[str] = set()
    for place, expression in expressions():
        for name in named(expression):
            base = next((name.removesuffix(s) for s in SUFFIXES if code.get(name.removesuffix(s)) == "histogram"), name)
            if base not in code and name not in recorded and name not in awaited:
                problems.append(f"{place}: nobody exports {name}")
            used.add(base)
    for name in sorted(code.keys() - used):
        problems.append(f"{name} is exported, and no rule or dashboard looks at it")
    for name in sorted(recorded - used):
        problems.append(f"{name} is recorded, and nothing reads it")
    return f"{len(code)} metrics, {len(expressions())} expressions, {len(recorded)} recorded, {len(awaited)} awaited"


def check_lists() -> str:
    alerts = {rule["alert"] for group in groups() for rule in group["rules"] if "alert" in rule}
    runbooks = {path.stem: path.read_text() for path in (ROOT / "ops/runbooks").glob("Scanfleet*.md")}
    tests = {path.stem for path in (HERE / "tests").glob("*.yaml")}
    for name in sorted(alerts ^ runbooks.keys()):
        problems.append(f"{name}: alert without runbook, or runbook without alert")
    for name in sorted(alerts ^ tests):
        problems.append(f"{name}: alert without test, or test without alert")
    commands = command_names()
    code = exported()
    panels = {
        path.stem: [panel["title"] for panel in json.loads(path.read_text())["panels"]]
        for path in (FILES / "dashboards").glob("*.json")
    }
    for name, text in runbooks.items():
        if [line for line in text.splitlines() if line.startswith("## ")] != PARTS:
            problems.append(f"{name}.md: its parts are not {', '.join(PARTS)}")
        for command in re.findall(
            r"scanfleet (\w+)(?=[ `\n])", "\n".join(re.findall(r"```.*?```|`[^`]+`", text, re.S))
        ):
            if command not in commands:
                problems.append(f"{name}.md: there is no command scanfleet {command}")
        for board, panel in re.findall(r'Dashboard (\w+), panel "([^"]+)"', text):
            if panel not in panels.get(board.lower(), []):
                problems.append(f"{name}.md: the dashboard {board} has no panel {panel}")
        for metric in re.findall(r"\bscanfleet_[a-z_]+\b", text):
            base = next((metric.removesuffix(s) for s in SUFFIXES if metric.removesuffix(s) in code), metric)
            if base not in code and metric not in (HERE / "awaited.txt").read_text():
                problems.append(f"{name}.md: nobody exports {metric}")
    return f"{len(alerts)} alerts, each with a runbook and a test"


def command_names() -> set[str]:
    text = "".join(path.read_text() for path in (ROOT / "Sources/ScanfleetCLI/Commands").glob("*.swift"))
    return set(re.findall(r'commandName: "(\w+)"', text))


def passes(rules: list[dict[str, object]], test: pathlib.Path, directory: pathlib.Path) -> bool:
    (directory / "rules.yaml").write_text(yaml.safe_dump({"groups": rules}))
    text = yaml.safe_load(test.read_text()) | {"rule_files": [str(directory / "rules.yaml")]}
    (directory / "test.yaml").write_text(yaml.safe_dump(text))
    return subprocess.run(["promtool", "test", "rules", directory / "test.yaml"], capture_output=True).returncode == 0


def check_tests() -> str:
    tried = 0
    with tempfile.TemporaryDirectory() as name:
        for test in sorted((HERE / "tests").glob("*.yaml")):
            for expression in ["vector(0) > 1", "vector(1)"]:
                broken = groups()
                for group in broken:
                    for rule in group["rules"]:
                        if rule.get("alert") == test.stem:
                            rule["expr"] = expression
                tried += 1
                if passes(broken, test, pathlib.Path(name)):
                    problems.append(f"{test.stem}: its test passes with the expression {expression}")
    return f"{tried} broken alerts, each noticed by its test"


for line in [check_names(), check_lists(), check_tests()]:
    print(line)
for line in problems:
    print(line)
sys.exit(1 if problems else 0)
