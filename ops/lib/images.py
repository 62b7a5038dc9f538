"""Runs the images as a cluster would: restricted, and as the chart renders them, until a sweep has completed.

usage: images.py restricted IMAGE VERSION         starts it in the ways that matter; every check is named
       images.py sweep HELM ENDPOINT IMAGE DASHBOARD   chart's pods by podman, one sweep, the dashboard if it is named
podman's environment says where images and containers lie. Exit status 1 at the first check that fails.
"""

import base64
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import yaml

RESTRICTED = ["--read-only", "--cap-drop=all", "--security-opt=no-new-privileges", "--user=10001:10001", "--memory=256m"]
ROOT = Path(__file__).resolve().parents[2]
PORTS = {"coordinator": 18081, "aggregator": 18083, "dashboard": 18084}
SECRETS = {"aws-keys": {"AWS_ACCESS_KEY_ID": "AKIASIMULATORMANAGEMENT", "AWS_SECRET_ACCESS_KEY": "simulated-secret"}}

Object = dict


def podman(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["podman", *arguments], capture_output=True, text=True, input=given, timeout=300)


def check(what: str, holds: object, shown: object = "") -> None:
    print(f"{'ok' if holds else 'FAILED'}: {what}", flush=True)
    if not holds:
        raise SystemExit(f"{what}: {shown}")


def until(what: str, holds: Callable[[], object], seconds: int = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            check(what, False, f"not within {seconds} s")
        time.sleep(0.5)
    check(what, True)


def page(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError as error:
        return 0, str(error).encode()


def process_facts(container: str) -> dict[str, str]:
    """What the kernel says of a container's first process."""
    pid = podman("inspect", "--format", "{{.State.Pid}}", container).stdout.strip()
    facts = Path(f"/proc/{pid}/status").read_text()
    mounts = Path(f"/proc/{pid}/mounts").read_text()
    root = next(line.split()[3] for line in mounts.splitlines() if line.split()[1] == "/")
    return {**dict(re.findall(r"^(\w+):\s+(.*)$", facts, re.MULTILINE)), "root": root.split(",")[0]}


def check_confinement(container: str, name: str) -> None:
    facts = process_facts(container)
    check(f"{name} runs as uid 10001", facts["Uid"].split() == ["10001"] * 4, facts["Uid"])
    check(f"{name} has no capability", all(int(facts[cap], 16) == 0 for cap in ("CapEff", "CapPrm", "CapBnd")), facts)
    check(f"{name} can gain no privilege", facts["NoNewPrivs"] == "1")
    check(f"{name}'s root is read-only", facts["root"] == "ro", facts["root"])


# MARK: One image by itself


def restricted(image: str, version: str) -> None:
    def run(*arguments: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        return podman("run", "--rm", *RESTRICTED, *options, image, *arguments)

    told = run("--version")
    check(f"it says that it is {version}", told.stdout.strip() == version, told.stdout + told.stderr)
    wrong = run("coordinator")
    check("a configuration without a region ends with 78", wrong.returncode == 78, wrong.stderr)
    dead = run("health")
    check("its health check fails where nothing listens", dead.returncode == 69, dead.stderr)
    shell = podman("run", "--rm", *RESTRICTED, "--entrypoint=/bin/sh", image, "-c", "true")
    check("there is no shell", shell.returncode in (126, 127), shell.stderr)
    check_crash(image)
    check_contents(image)


def check_crash(image: str) -> None:
    """A command that waits for an answer is told to crash; what it then says must hold a backtrace."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        given = {
            "AWS_REGION": "us-east-1",
            **SECRETS["aws-keys"],
            "AWS_ENDPOINT_URL": f"http://{address}",
            "SCANFLEET_REDIS_URL": f"redis://{address}",
        }
        environment = [f"--env={name}={value}" for name, value in given.items()]
        name = podman("run", "--detach", *RESTRICTED, *environment, image, "status").stdout.strip()
        silent.accept()
        check_confinement(name, "the binary")
        # Sent from outside it repeats no faulting instruction, so the process lives on after its backtrace.
        podman("kill", "--signal=SEGV", name)
        until("a crash leaves a backtrace", lambda: "Backtrace took" in podman("logs", name).stderr)
    text = podman("logs", name).stderr
    podman("rm", "--force", "--time=0", name)
    check("the backtrace names functions", re.search(r" 0x\w+ (?!<unknown>).+ in scanfleet$", text, re.MULTILINE), text)


def check_contents(image: str) -> None:
    name = podman("create", image).stdout.strip()
    archive = Path(os.environ["CONTAINERS_STORAGE_CONF"]).with_name("content.tar")
    podman("export", "--output", str(archive), name)
    podman("rm", name)
    names = subprocess.run(["tar", "--list", "--file", archive], capture_output=True, text=True, check=True).stdout.split()
    bill = json.loads(extracted(archive, "usr/share/scanfleet/sbom.spdx.json"))
    parts = {package["name"]: package for package in bill["packages"]}
    documented = {path.split("/")[3] for path in names if path.startswith("usr/share/doc/") and not path.endswith("/")}
    check("every part of the bill of materials has its licence beside it", parts.keys() <= documented, parts.keys() - documented)
    pins = {pin["location"].removesuffix(".git").rsplit("/", 1)[-1] for pin in json.loads((ROOT / "Package.resolved").read_text())["pins"]}
    check("every Swift package that is pinned is in the bill", pins <= parts.keys(), pins - parts.keys())
    statuses = {path.rsplit("/", 1)[-1] for path in names if path.startswith("var/lib/dpkg/status.d/") and not path.endswith("/")}
    debian = {name for name, part in parts.items() if part["SPDXID"].startswith("SPDXRef-debian-")}
    check("scanners find the same Debian packages", statuses == debian, statuses ^ debian)
    check("nothing can be written by its user", not writable(archive), writable(archive))
    size = archive.stat().st_size
    archive.unlink()
    print(f"{image}: {size / 1e6:.1f} MB unpacked, {len(debian)} Debian and {len(pins) + 1} Swift packages in its SPDX bill")


def extracted(archive: Path, name: str) -> str:
    return subprocess.run(["tar", "-xOf", archive, name], capture_output=True, text=True, check=True).stdout


def writable(archive: Path) -> list[str]:
    listed = subprocess.run(["tar", "--list", "--verbose", "--file", archive], capture_output=True, text=True, check=True)
    lines = [line for line in listed.stdout.splitlines() if not line.startswith("l")]
    # podman adds these mount points when a container is made.
    return [line for line in lines if line[8] == "w" and line.split()[5].split("/")[0] not in ("dev", "proc", "sys")]


# MARK: What the chart renders


def values(endpoint: str, image: str, dashboard: str) -> Object:
    """The chart's values for one machine on which every pod has the same address."""

    def reference(name: str) -> Object:
        repository, tag = name.rsplit(":", 1)
        return {"repository": repository, "tag": tag, "pullPolicy": "Never"}

    def listening(role: str) -> Object:
        return {"replicas": 1, "extraEnv": [{"name": "SCANFLEET_LISTEN", "value": f"127.0.0.1:{PORTS[role]}"}]}

    return {
        "image": reference(image),
        "aws": {"region": "us-east-1", "endpointUrl": endpoint, "existingSecret": "aws-keys"},
        "config": {
            "bucket": "scanfleet-report",
            "scanSchedule": "off",
            "collectSchedule": "off",
            "regions": ["us-east-1", "eu-west-1", "ap-east-1"],
            "imagesPerRepository": 0,
        },
        "init": {"enabled": True},
        "coordinator": listening("coordinator"),
        "aggregator": listening("aggregator"),
        "worker": {"replicas": 2, "extraEnv": [{"name": "SCANFLEET_LISTEN", "value": "127.0.0.1:0"}]},
        "valkey": {"image": {"pullPolicy": "Never"}, "persistence": {"enabled": False}},
        "dashboard": {"enabled": False}
        if not dashboard
        else {
            "image": reference(dashboard),
            "replicas": 1,
            "s3Auth": "sigv4",
            "extraEnv": [{"name": "DASHBOARD_LISTEN", "value": f"127.0.0.1:{PORTS['dashboard']}"}],
        },
    }


def expanded(container: Object, secrets: dict[str, dict[str, str]]) -> None:
    """Fills $(NAME) in as the kubelet does; podman 4.3 does not."""
    known: dict[str, str] = {}
    for entry in container.get("env", []):
        if "value" in entry:
            entry["value"] = re.sub(r"\$\((\w+)\)", lambda found: known[found[1]], entry["value"])
            known[entry["name"]] = entry["value"]
        elif reference := entry.get("valueFrom", {}).get("secretKeyRef"):
            known[entry["name"]] = secrets[reference["name"]][reference["key"]]
    names = [entry["name"] for entry in container.get("env", [])]
    # Kubernetes lets the last of two win.
    container["env"] = [entry for at, entry in enumerate(container.get("env", [])) if entry["name"] not in names[at + 1 :]]


def played(item: Object, secrets: dict[str, dict[str, str]]) -> Object:
    """The object as podman can play it: on the host's network, without probes, which would need a curl in the image."""
    spec = item["spec"]["template"]["spec"] if "template" in item["spec"] else item["spec"]
    spec["hostNetwork"] = True
    for container in spec["containers"]:
        expanded(container, secrets)
        for key in ("ports", *(key for key in container if key.endswith("Probe"))):
            container.pop(key, None)
    if item["kind"] == "Deployment":
        return item
    metadata = {key: item["metadata"][key] for key in ("name", "labels")}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


class Cluster:
    """What helm renders, played piece by piece."""

    def __init__(self, helm: str, given: Object) -> None:
        command = [helm, "template", "fleet", str(ROOT / "helm/scanfleet"), "--namespace", "watch", "--values", "-"]
        text = subprocess.run(command, capture_output=True, text=True, input=json.dumps(given), check=True).stdout
        self.objects: list[Object] = [item for item in yaml.safe_load_all(text) if item]
        for item in self.of("ConfigMap"):
            # podman lets it win over the pod's own, which differ here because all pods share one address.
            item["data"].pop("SCANFLEET_LISTEN", None)
        self.secrets = dict(SECRETS)
        for item in self.of("Secret"):
            self.secrets[item["metadata"]["name"]] = {
                key: base64.b64decode(value).decode() for key, value in item["data"].items()
            }
        self.stop()
        for name, data in self.secrets.items():
            encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
            made = podman("secret", "create", name, "-", given=json.dumps(encoded))
            check(f"podman keeps the secret {name}", made.returncode == 0, made.stderr)

    def of(self, kind: str) -> list[Object]:
        return [item for item in self.objects if item["kind"] == kind]

    def component(self, kind: str, name: str) -> Object:
        return next(item for item in self.of(kind) if item["metadata"]["labels"]["app.kubernetes.io/component"] == name)

    def play(self, item: Object) -> None:
        manifest = yaml.safe_dump_all([*self.of("ConfigMap"), played(item, self.secrets)])
        answer = podman("kube", "play", "--network=host", "-", given=manifest)
        check(f"podman plays the {item['kind']} {item['metadata']['name']}", answer.returncode == 0, answer.stderr)

    def container(self, part: str) -> str:
        names = podman("ps", "--all", "--format", "{{.Names}}").stdout.split()
        return next(name for name in names if part in name and not name.endswith("-infra"))

    def finished(self, part: str) -> str:
        """Waits for a container that ends by itself, checks that it did well, and answers what it said."""
        name = self.container(part)
        status = podman("wait", name).stdout.strip()
        said = podman("logs", name)
        check(f"{part} ends well", status == "0", said.stdout + said.stderr)
        return said.stdout

    def stop(self) -> None:
        podman("pod", "rm", "--force", "--all", "--time=25")
        podman("secret", "rm", "--all")


def sweep(helm: str, endpoint: str, image: str, dashboard: str) -> None:
    cluster = Cluster(helm, values(endpoint, image, dashboard))
    try:
        start(cluster, dashboard)
        run_sweep(cluster)
        if dashboard:
            check_dashboard(cluster)
        check_drain(cluster)
    except BaseException:
        for name in podman("ps", "--all", "--format", "{{.Names}}").stdout.split():
            print(f"--- {name}\n{podman('logs', '--tail=5', name).stderr}", file=sys.stderr)
        raise
    finally:
        cluster.stop()


def start(cluster: Cluster, dashboard: str) -> None:
    cluster.play(cluster.component("Job", "init"))
    print("  " + cluster.finished("init").strip())
    valkey = cluster.component("StatefulSet", "valkey")
    probe = valkey["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]["exec"]["command"]
    cluster.play(valkey)
    check_confinement(cluster.container("valkey"), "Valkey")
    until("Valkey answers the chart's probe", lambda: podman("exec", cluster.container("valkey"), *probe).returncode == 0)
    for role in ("coordinator", "worker", "aggregator", *(["dashboard"] if dashboard else [])):
        cluster.play(cluster.component("Deployment", role))
        check_confinement(cluster.container(f"{role}-pod-0"), f"the {role}")
    for role in ("coordinator", "aggregator"):
        ready = ["exec", cluster.container(role), "/usr/bin/scanfleet", "health", "--ready"]
        until(f"the {role} is ready", lambda ready=ready: podman(*ready).returncode == 0)
    cluster.play(cluster.component("Pod", "test"))
    cluster.finished("test")


def run_sweep(cluster: Cluster) -> None:
    command = ["exec", cluster.container("coordinator"), "/usr/bin/scanfleet", "sweep"]
    for kind in ("scan", "collect", "collect"):
        began = time.monotonic()
        answer = podman(*command, kind, "--wait")
        # The simulated organization has gaps on purpose: they are listed, and 3 says so.
        check(f"the {kind} sweep completes", answer.returncode in (0, 3), answer.stdout + answer.stderr)
        print(f"  in {time.monotonic() - began:.1f} s: {answer.stdout.strip().splitlines()[-1]}")
    status, body = page(f"http://127.0.0.1:{PORTS['coordinator']}/v1/queue")
    queue = json.loads(body)
    check("nothing is left in the queue", status == 200 and queue["backlog"] == queue["dead"] == 0, body)
    newest = queue["sweeps"][0]
    check("every job of the sweep is done", newest["done"] == newest["total"] > 0, newest)
    print(f"  {newest['total']} repositories by {len(workers(cluster))} workers")


def workers(cluster: Cluster) -> list[str]:
    names = podman("ps", "--format", "{{.Names}}").stdout.split()
    return [name for name in names if name.endswith("-worker")]


def check_dashboard(cluster: Cluster) -> None:
    origin = f"http://127.0.0.1:{PORTS['dashboard']}"
    until("the dashboard listens", lambda: page(origin + "/healthz")[0] == 200)
    status, body = page(origin + "/")
    check("the dashboard serves its page", status == 200 and b"<html" in body.lower(), body[:500])
    status, body = page(origin + "/api/queue")
    check("the dashboard shows the queue", status == 200 and "desired_workers" in json.loads(body), body)
    until("the dashboard serves the report", lambda: page(origin + "/report/index.json")[0] == 200, 90)
    index = json.loads(page(origin + "/report/index.json")[1])
    check("the report names the accounts", index["accounts"], index.keys())


def check_drain(cluster: Cluster) -> None:
    for name in [*workers(cluster), cluster.container("coordinator"), cluster.container("aggregator")]:
        began = time.monotonic()
        podman("stop", "--time=30", name)
        status = podman("inspect", "--format", "{{.State.ExitCode}}", name).stdout.strip()
        check(f"{name} ends by itself on SIGTERM, in {time.monotonic() - began:.1f} s", status == "0", status)


def main() -> None:
    match sys.argv[1:]:
        case ["restricted", image, version]:
            restricted(image, version)
        case ["sweep", helm, endpoint, image, dashboard]:
            sweep(helm, endpoint, image, dashboard)
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
