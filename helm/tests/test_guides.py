"""What ops/guides tells people to write is what the chart takes."""

import re
from pathlib import Path

import yaml
from conftest import CHART, ROOT, objects, template

GUIDES = ROOT / "ops/guides"
MINIMAL = ["--set", "aws.region=eu-west-1", "--set", "config.bucket=example"]


def test_the_installations_values_are_taken(version: str, tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (GUIDES / "install.md").read_text(), re.DOTALL)
    assert len(blocks) == 2
    arguments = []
    for place, text in enumerate(blocks):
        file = tmp_path / f"{place}.yaml"
        file.write_text(text.replace("sha256:…", f"sha256:{'0' * 64}"))
        arguments += ["--values", str(file)]
    answer = template(version, *MINIMAL, *arguments)
    assert answer.returncode == 0, answer.stderr
    made = objects(answer.stdout)
    [ingress] = [item for item in made if item["kind"] == "Ingress"]
    path = ingress["metadata"]["annotations"]["alb.ingress.kubernetes.io/healthcheck-path"]
    [dashboard] = [item for item in made if item["kind"] == "Deployment" and item["metadata"]["name"].endswith("-dashboard")]
    assert dashboard["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]["httpGet"]["path"] == path


def test_the_installations_secrets_are_those_that_are_asked_for() -> None:
    text = (GUIDES / "install.md").read_text()
    made = dict(re.findall(r"create secret generic (\S+) --from-(?:literal|file)=([\w-]+)", text))
    assert len(made) == 4
    asked = "".join(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)) + (ROOT / "ops/terraform/examples/complete/chart.tf").read_text()
    keys = yaml.safe_load((CHART / "values.yaml").read_text())
    for name, key in made.items():
        setting = {
            "scanfleet-aws": keys["secrets"]["externalId"],
            "scanfleet-redis": keys["redis"]["auth"],
            "scanfleet-hubot": keys["secrets"]["hubotToken"],
            "scanfleet-dashboard": keys["dashboard"]["basicAuth"],
        }[name]
        assert name in asked
        assert setting["key"] == key


def test_a_retry_of_the_stackset_keeps_every_parameter() -> None:
    # One that is not named would go back to its default, and the external id be asked for no more.
    text = (ROOT / "ops/cloudformation/member-role.yaml").read_text()
    parameters = re.findall(r"^  (\w+):$", text[: text.index("Conditions:")], re.MULTILINE)
    [kept] = re.findall(r"\$\(same ([\w ]+)\)", (GUIDES / "install.md").read_text())
    assert kept.split() == parameters


def test_every_size_of_the_table_is_taken(version: str) -> None:
    rows = re.findall(r"^\| [\d,]+ \| [\d,]+ \| (\d+) \| (\w+) \| (\w+) \| (\w+) \|$", (GUIDES / "sizing.md").read_text(), re.MULTILINE)
    assert len(rows) == 4
    for workers, memory, limit, volume in rows:
        given = {
            "autoscaling.maxReplicas": workers,
            "valkey.maxmemory": memory,
            "valkey.resources.limits.memory": limit,
            "valkey.resources.requests.memory": limit,
            "valkey.persistence.size": volume,
        }
        answer = template(version, *MINIMAL, *(part for key, value in given.items() for part in ("--set", f"{key}={value}")))
        assert answer.returncode == 0, answer.stderr
