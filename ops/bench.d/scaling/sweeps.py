"""Lets the chart's autoscaling drive real workers through real sweeps, and records what it saw and did.

usage: sweeps.py FOLDER SCALEDOBJECT [--speed N] [--repositories N] [--quota N] [--concurrency N] [--series FILE]
FOLDER holds scanfleet and scanfleet-simulator, SCALEDOBJECT is what helm renders. redis-server, simulator and coordinator run as
processes; autoscaler.py evaluates KEDA's formula on the coordinator's /v1/queue and starts and ends worker processes with
SIGTERM. First the whole organization is swept, then one account alone, which has more jobs than may start in it at once.
Exit status 1 where the fleet was at zero with work unfinished, was larger than the quotas could use, or lost a job.
"""

import argparse
import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import redis
import yaml
from autoscaler import SYNC_SECONDS, Autoscaler, Rules

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "lib"))
from ports import free_port  # noqa: E402

# QueueSettings.jobsInFlightPerBucket: what one account and region lets start at once.
PER_BUCKET = 16
# Its many repositories make the sweep whose jobs wait for a quota, not for workers.
CROWDED_ACCOUNT = "210000040404"
OVER = {"d", "x", "c"}
# The chart's terminationGracePeriodSeconds; here nothing kills whoever takes longer, so that it is seen.
GRACE_SECONDS = 30

Page = dict


@dataclass
class Sample:
    """One look at the queue, and what came of it."""

    at: float
    queue: Page
    unfinished: int
    usable: int
    replicas: int = 0


@dataclass
class Fleet:
    """Everything that runs; workers come and go."""

    folder: Path
    directory: Path
    environment: dict[str, str]
    port: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    leaving: list[tuple[float, subprocess.Popen[bytes]]] = field(default_factory=list)
    drains: list[float] = field(default_factory=list)

    def start(self, name: str, *command: str, **more: str) -> subprocess.Popen[bytes]:
        with (self.directory / f"{name}.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, env={**self.environment, **more})

    def scanfleet(self, name: str, *command: str, **more: str) -> subprocess.Popen[bytes]:
        return self.start(name, str(self.folder / "scanfleet"), *command, **more)

    def queue(self) -> Page:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/v1/queue", timeout=10) as answer:
            return json.load(answer)

    def resize(self, number: int) -> None:
        while len(self.workers) < number:
            self.workers.append(self.scanfleet("workers", "worker", SCANFLEET_LISTEN="127.0.0.1:0"))
        while len(self.workers) > number:
            worker = self.workers.pop()
            worker.send_signal(signal.SIGTERM)
            self.leaving.append((time.monotonic(), worker))
        for began, worker in [entry for entry in self.leaving if entry[1].poll() is not None]:
            self.leaving.remove((began, worker))
            self.drains.append(time.monotonic() - began)
            # Told before it could listen to signals, it had claimed nothing; a job that is lost counts as recovered.
            if worker.returncode not in (0, -signal.SIGTERM):
                raise SystemExit(f"a worker ended with {worker.returncode}: {self.directory}/workers.log")

    def stop(self) -> None:
        for process in [*self.workers, *(worker for _, worker in self.leaving), *reversed(self.processes)]:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()


@contextlib.contextmanager
def fleet(arguments: argparse.Namespace) -> Iterator[tuple[Fleet, "redis.Redis[str]"]]:
    with tempfile.TemporaryDirectory(prefix="scanfleet-scaling-") as name:
        directory, endpoint = Path(name), f"http://127.0.0.1:{free_port()}"
        environment = {
            "PATH": os.environ["PATH"],
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "AKIASIMULATORMANAGEMENT",
            "AWS_SECRET_ACCESS_KEY": "simulated-secret",
            "SCANFLEET_REDIS_URL": f"unix://{directory}/redis.sock",
            "SCANFLEET_BUCKET": "scanfleet-report",
            "SCANFLEET_REGIONS": "us-east-1,eu-west-1,ap-east-1",
            "SCANFLEET_SCAN_SCHEDULE": "off",
            "SCANFLEET_COLLECT_SCHEDULE": "off",
            "SCANFLEET_CONCURRENCY": str(arguments.concurrency),
        }
        made = Fleet(Path(arguments.folder), directory, environment, free_port())
        try:
            options = ["--port", "0", "--unixsocket", f"{directory}/redis.sock", "--save", "", "--dir", name]
            made.processes.append(made.start("redis", "redis-server", *options))
            simulator = [str(made.folder / "scanfleet-simulator"), "--port", endpoint.rsplit(":", 1)[1]]
            simulator += ["--repositories", str(arguments.repositories), "--quota", str(arguments.quota)]
            made.processes.append(made.start("simulator", *simulator))
            client = redis.Redis(unix_socket_path=f"{directory}/redis.sock", decode_responses=True)
            until("redis-server", lambda: client.ping())
            until("the simulator", lambda: urllib.request.urlopen(endpoint + "/_truth", timeout=30).status == 200)
            if made.scanfleet("init", "init").wait(60) != 0:
                raise SystemExit((directory / "init.log").read_text())
            listen = {"SCANFLEET_LISTEN": f"127.0.0.1:{made.port}"}
            made.processes.append(made.scanfleet("coordinator", "coordinator", **listen))
            until("the coordinator", made.queue)
            yield made, client
        finally:
            made.stop()


def until(what: str, answers: object) -> None:
    assert callable(answers)
    deadline = time.monotonic() + 60
    while True:
        try:
            if answers():
                return
        except (OSError, redis.RedisError):
            pass
        if time.monotonic() > deadline:
            raise SystemExit(f"{what} did not start")
        time.sleep(0.1)


def look(running: Fleet, client: "redis.Redis[str]", began: float, concurrency: int) -> Sample:
    """The queue's own page, and beside it what the jobs' records say; the larger of two readings where they move."""

    def reading() -> tuple[int, int]:
        buckets: dict[str, int] = {}
        for key in client.scan_iter("{scanfleet}:st:*"):
            for payload, record in client.hgetall(key).items():
                if record[0] not in OVER:
                    bucket = ":".join(payload.split("/")[:2])
                    buckets[bucket] = buckets.get(bucket, 0) + 1
        startable = sum(min(PER_BUCKET, count) for count in buckets.values())
        return sum(buckets.values()), math.ceil(startable / concurrency)

    before = reading()
    queue = running.queue()
    after = reading()
    return Sample(time.monotonic() - began, queue, max(before[0], after[0]), max(before[1], after[1]))


def drive(
    running: Fleet, client: "redis.Redis[str]", rules: Rules, arguments: argparse.Namespace, *scope: str
) -> list[Sample]:
    """One sweep from zero workers to zero workers."""
    autoscaler, series, began = Autoscaler(rules), [], time.monotonic()
    starting = running.scanfleet("sweep", "sweep", "collect", *scope)
    while True:
        sample = look(running, client, began, arguments.concurrency)
        autoscaler.step(sample.at * arguments.speed, sample.queue["desired_workers"])
        sample.replicas = autoscaler.replicas
        running.resize(sample.replicas)
        series.append(sample)
        if starting.poll() is not None and sample.unfinished == 0 and sample.replicas == 0 and len(series) > 3:
            return series
        if sample.at > 900:
            raise SystemExit("the sweep did not end within 15 minutes")
        time.sleep(0.5)


def problems(series: list[Sample], rules: Rules, speed: float) -> list[str]:
    """What must never be, each looked for in the whole series."""
    found = []
    window = (float(rules.behavior["scaleDown"]["stabilizationWindowSeconds"]) + 2 * SYNC_SECONDS + 60) / speed
    for before, sample in zip([series[0], *series], series, strict=False):
        if before.replicas > 0 and sample.replicas == 0 and sample.unfinished:
            found.append(f"{sample.at:.1f} s: put to zero with {sample.unfinished} jobs unfinished")
        if sample.queue["in_flight"] and not sample.replicas and before.replicas == 0:
            found.append(f"{sample.at:.1f} s: at zero with {sample.queue['in_flight']} jobs in flight")
        if sample.unfinished and not sample.queue["desired_workers"] and sample.queue["backlog"]:
            found.append(f"{sample.at:.1f} s: no worker asked for, {sample.unfinished} jobs unfinished")
        # Unfinished work keeps one worker, whatever may start.
        if sample.queue["desired_workers"] > max(1, sample.usable):
            found.append(f"{sample.at:.1f} s: {sample.queue['desired_workers']} asked for, {sample.usable} usable")
        usable = max(other.usable for other in series if 0 <= sample.at - other.at <= window)
        if sample.replicas > max(1, usable) or sample.replicas > rules.maximum:
            found.append(f"{sample.at:.1f} s: {sample.replicas} workers, {usable} usable")
    return found


def show(title: str, series: list[Sample]) -> None:
    print(f"\n{title}\n{'s':>6} {'ready':>6} {'in flight':>9} {'delayed':>7} {'backlog':>7} {'desired':>7} {'usable':>6} {'workers':>7}")
    shown = None
    for index, sample in enumerate(series):
        numbers = (sample.queue["desired_workers"], sample.replicas)
        if numbers != shown or index % 10 == 0 or index == len(series) - 1:
            queue = sample.queue
            print(
                f"{sample.at:6.1f} {queue['ready']:6} {queue['in_flight']:9} {queue['delayed']:7} {queue['backlog']:7}"
                f" {queue['desired_workers']:7} {sample.usable:6} {sample.replicas:7}"
            )
        shown = numbers


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("scaledobject")
    parser.add_argument("--speed", type=float, default=5, help="how much faster the autoscaler's clocks run")
    parser.add_argument("--repositories", type=int, default=20)
    parser.add_argument("--quota", type=float, default=20)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--series", type=Path, help="where every sample is written as JSON lines")
    arguments = parser.parse_args()
    documents = yaml.safe_load_all(Path(arguments.scaledobject).read_text())
    rules = Rules.of(next(item for item in documents if item and item["kind"] == "ScaledObject")["spec"])
    failed, lines = [], []
    with fleet(arguments) as (running, client):
        for title, scope in [("the whole organization", ()), ("one account", ("--account", CROWDED_ACCOUNT))]:
            series = drive(running, client, rules, arguments, *scope)
            show(title, series)
            newest = series[-1].queue["sweeps"][0]
            found = problems(series, rules, arguments.speed)
            if newest["done"] != newest["total"] or newest["dead"] or newest["recovered"] or not newest["completed_at"]:
                found.append(f"jobs were lost: {newest}")
            peak = max(series, key=lambda sample: sample.queue["backlog"])
            print(
                f"{newest['done']} of {newest['total']} jobs done; at the largest backlog, {peak.queue['backlog']}, {peak.usable}"
                f" workers were usable and {peak.queue['desired_workers']} asked for; at most {max(sample.replicas for sample in series)} ran;"
                f" {len(running.drains)} drained in at most {max(running.drains, default=0):.1f} s,"
                f" {sum(drain > GRACE_SECONDS for drain in running.drains)} of them beyond the chart's grace; {len(series)} samples,"
                f" {len(found)} problems"
            )
            failed += found
            lines += [json.dumps({"sweep": title, **sample.__dict__}) for sample in series]
    if arguments.series:
        arguments.series.write_text("\n".join(lines) + "\n")
    print("\n".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
