"""The chart renders under both helms for every set of values, and refuses what is wrong by its name."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from conftest import CHART, VALUES, helm, objects, rendered, template

MINIMAL = ["--set", "aws.region=eu-west-1", "--set", "config.bucket=example"]


def test_lints_strictly(version: str, values: str) -> None:
    answer = helm(version, "lint", "--strict", str(CHART), "--values", str(VALUES[values]))
    assert answer.returncode == 0, answer.stdout + answer.stderr


def without_password(text: str) -> list[dict]:
    return objects(re.sub(r"(?m)^  password: \S+$", "  password: generated", text))


def test_renders_alike_under_both(values: str) -> None:
    three, four = (template(version, "--values", str(VALUES[values])) for version in ("helm3", "helm4"))
    assert three.returncode == four.returncode == 0, three.stderr + four.stderr
    assert without_password(three.stdout) == without_password(four.stdout)


# What is given, and the word that the refusal must hold; helm 3 and 4 word the rest differently.
REFUSED = [
    (["aws.regoin=eu-west-1"], "regoin"),
    (["aws.region=Europe"], "region"),
    (["aws.endpointUrls.s3=https://minio"], "endpointUrls"),
    (["config.colour=red"], "colour"),
    (["config.redisUrl=redis://elsewhere"], "redisUrl"),
    (["config.hubotToken=secret"], "hubotToken"),
    (["config.concurrency=many"], "concurrency"),
    (["config.imagesPerRepository=-1"], "imagesPerRepository"),
    (["config.logLevel=loud"], "logLevel"),
    (["config.logFormat=xml"], "logFormat"),
    (["config.notifySeverity=high"], "notifySeverity"),
    (["config.scanSchedule=true"], "scanSchedule"),
    (["config.untagged=perhaps"], "untagged"),
    (["config.sweepOverlap=both"], "sweepOverlap"),
    (["config.accounts[0]=123456789012"], "accounts"),
    (["worker.terminationGracePeriodSeconds=20"], "terminationGracePeriodSeconds"),
    (["coordinator.terminationGracePeriodSeconds=24"], "terminationGracePeriodSeconds"),
    (["aggregator.terminationGracePeriodSeconds=1"], "terminationGracePeriodSeconds"),
    (["worker.replicas=-1"], "replicas"),
    (["worker.podDisruptionBudget.maxUnavailable=0"], "maxUnavailable"),
    (["worker.podDisruptionBudget.maxUnavailable=100%"], "maxUnavailable"),
    (["worker.serviceAccount.anotations=x"], "anotations"),
    (["worker.extraEnv[0].value=x"], "name"),
    (["image.digest=sha256:abc"], "digest"),
    (["image.pullPolicy=Sometimes"], "pullPolicy"),
    (["autoscaling.kind=vpa"], "kind"),
    (["autoscaling.keda.trigger=sqs"], "trigger"),
    (["autoscaling.kind=keda", "autoscaling.minReplicas=9", "autoscaling.maxReplicas=3"], "minReplicas"),
    (["autoscaling.kind=keda", "autoscaling.keda.trigger=prometheus"], "serverAddress"),
    (["autoscaling.maxReplicas=0"], "maxReplicas"),
    (["dashboard.s3Auth=basic"], "s3Auth"),
    (["dashboard.ingress.enabled=true", "dashboard.allowAnonymous=true"], "dashboard.ingress.hosts"),
    (["dashboard.ingress.enabled=true", "dashboard.ingress.hosts[0]=a.example.com"], "dashboard.allowAnonymous"),
    (["dashboard.service.type=LoadBalancer"], "dashboard.allowAnonymous"),
    (["dashboard.service.type=NodePort"], "dashboard.allowAnonymous"),
    (["dashboard.service.type=ExternalName"], "type"),
    (["dashboard.basicAuth.existingSecret=a", "dashboard.authUrl=https://proxy/"], "exclude each other"),
    (["valkey.enabled=false"], "redis.host"),
    (["valkey.maxmemory=half"], "maxmemory"),
    (["valkey.maxmemory=513mb"], "valkey.maxmemory is 513mb"),
    (["valkey.maxmemory=1gb", "valkey.resources.limits.memory=1Gi"], "valkey.resources.limits.memory 1Gi"),
    (["valkey.resources.limits.memory=402653183"], "valkey.resources.limits.memory"),
    (["valkey.resources.limits.memory=300m"], "no size"),
    (["networkPolicy.extraEgressOf.valkey[0].ports[0].port=1"], "extraEgressOf"),
    (["redis.port=70000"], "port"),
    (["podSecurityContext.runAsUser=0"], "runAsUser"),
    (["metrics.interval=often"], "interval"),
    (["metrics.rules.enabled=true", "metrics.rules.disabled[0]=ScanfleetNothing"], "ScanfleetNothing"),
    (["metrics.rules.runbookBaseUrl=wiki"], "runbookBaseUrl"),
    (["extraObjects[0]=1"], "extraObjects"),
    (["surprise=1"], "surprise"),
]


@pytest.mark.parametrize(("given", "word"), REFUSED, ids=[" ".join(given) for given, _ in REFUSED])
def test_refuses(version: str, given: list[str], word: str) -> None:
    answer = template(version, *MINIMAL, *(part for pair in given for part in ("--set", pair)))
    assert answer.returncode != 0, "accepted"
    assert word in answer.stderr, answer.stderr


ACCEPTED = [
    ["valkey.maxmemory=512mb"],
    ["valkey.maxmemory=2gb", "valkey.resources.limits.memory=3Gi"],
    ["valkey.maxmemory=2gb", "valkey.resources.limits.memory=3.3G"],
    ["valkey.resources.limits.memory=402653184"],
    ["valkey.maxmemory=8gb", "valkey.resources.limits=null"],
    ["dashboard.service.type=LoadBalancer", "dashboard.authUrl=https://proxy/"],
    ["dashboard.service.type=LoadBalancer", "dashboard.allowAnonymous=true"],
]


@pytest.mark.parametrize("given", ACCEPTED, ids=[" ".join(given) for given in ACCEPTED])
def test_accepts(version: str, given: list[str]) -> None:
    answer = template(version, *MINIMAL, *(part for pair in given for part in ("--set", pair)))
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(("given", "word"), [(MINIMAL[:2], "config.bucket"), (MINIMAL[2:], "aws.region")])
def test_asks_for_what_is_missing(version: str, given: list[str], word: str) -> None:
    answer = template(version, *given)
    assert answer.returncode != 0
    assert word in answer.stderr


def test_refuses_a_grace_below_the_drain_without_the_schema(version: str, tmp_path: Path) -> None:
    shutil.copytree(CHART, tmp_path / "scanfleet")
    (tmp_path / "scanfleet/values.schema.json").unlink()
    short = ["--set", "worker.terminationGracePeriodSeconds=20"]
    answer = template(version, *MINIMAL, *short, chart=tmp_path / "scanfleet")
    assert answer.returncode != 0
    assert "worker.terminationGracePeriodSeconds is 20" in answer.stderr


def test_is_a_subchart(version: str, tmp_path: Path) -> None:
    parent = tmp_path / "parent"
    shutil.copytree(CHART, parent / "charts/scanfleet")
    (parent / "Chart.yaml").write_text(
        yaml.safe_dump(
            {
                "apiVersion": "v2",
                "name": "parent",
                "version": "1.0.0",
                "dependencies": [{"name": "scanfleet", "version": "0.x", "condition": "scanfleet.enabled"}],
            }
        )
    )
    given = {
        "global": {"imageRegistry": "mirror.example.com", "other": {"chart": 1}},
        "scanfleet": {"enabled": True, "aws": {"region": "eu-west-1"}, "config": {"bucket": "example"}},
    }
    (parent / "values.yaml").write_text(yaml.safe_dump(given))
    (parent / "templates").mkdir()
    assert helm(version, "lint", "--strict", str(parent)).returncode == 0
    answer = template(version, chart=parent)
    assert answer.returncode == 0, answer.stderr
    assert "mirror.example.com/scanfleet/scanfleet:" in answer.stdout
    assert "name: fleet-scanfleet-coordinator" in answer.stdout
    off = template(version, "--set", "scanfleet.enabled=false", chart=parent)
    assert off.returncode == 0
    assert not objects(off.stdout)


def test_packages(version: str, tmp_path: Path) -> None:
    answer = helm(version, "package", str(CHART), "--destination", str(tmp_path))
    assert answer.returncode == 0, answer.stderr
    assert list(tmp_path.glob("scanfleet-*.tgz"))


def test_evaluates_templates_in_extra_objects() -> None:
    names = {item["metadata"]["name"]: item for item in rendered("everything")}
    assert names["extra"]["metadata"]["labels"]["fleet"] == "fleet"
    assert names["extra-text"]["metadata"]["namespace"] == "watch"


def notes(*given: str) -> subprocess.CompletedProcess[str]:
    # Only helm 4 renders them without a cluster.
    return helm("helm4", "install", "fleet", str(CHART), "--dry-run=client", "--namespace", "watch", *MINIMAL, *given)


def test_notes_name_what_to_do_next() -> None:
    answer = notes()
    assert answer.returncode == 0, answer.stderr
    assert "helm test fleet --namespace watch" in answer.stdout
    for role in ("coordinator", "worker", "aggregator"):
        assert f"exec deploy/fleet-scanfleet-{role} -- /usr/bin/scanfleet doctor --role {role}" in answer.stdout
    assert "gets 403 unless the bucket's policy admits" in answer.stdout
    assert "must be there: by ops/terraform" in answer.stdout
    assert "fleet-scanfleet-worker" in answer.stdout
    assert "there is no worker" not in answer.stdout


def test_notes_tell_that_workers_may_be_away() -> None:
    assert "there is no worker" in notes("--set", "autoscaling.kind=keda").stdout
    assert "there is no worker" not in notes("--set", "autoscaling.kind=keda,autoscaling.minReplicas=1").stdout
