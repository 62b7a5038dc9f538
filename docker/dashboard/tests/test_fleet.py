"""The report that the fleet itself publishes, from a simulated organization, by signed requests, in the browser."""

import gzip
import json
import os
import pathlib
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

import stage

BINARIES = pathlib.Path(os.environ.get("SCANFLEET_BINARIES", "."))
KEYS = {"AWS_ACCESS_KEY_ID": "AKIASIMULATORMANAGEMENT", "AWS_SECRET_ACCESS_KEY": "simulated-secret"}

pytestmark = pytest.mark.skipif(
    not (BINARIES / "scanfleet-simulator").exists(), reason="the fleet is not built: ops/test builds it"
)


class Fleet:
    """redis-server, the simulator, one worker and the aggregator, as processes of their own."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[Any]] = []
        self.environment = os.environ | KEYS | {"AWS_REGION": "us-east-1"}
        socket = folder / "redis.sock"
        self.start(
            "redis",
            "eady to accept",
            "redis-server",
            "--port",
            "0",
            "--unixsocket",
            str(socket),
            "--save",
            "",
            "--dir",
            str(folder),
        )
        said = self.start(
            "simulator",
            "listening on",
            str(BINARIES / "scanfleet-simulator"),
            "--port",
            "0",
            "--accounts",
            "6",
            "--repositories",
            "2",
            "--images",
            "4",
        )
        self.endpoint = re.search(r"listening on (\S+)", said).group(1)
        self.environment |= {
            "AWS_ENDPOINT_URL": self.endpoint,
            "SCANFLEET_REDIS_URL": f"unix://{socket}",
            "SCANFLEET_BUCKET": stage.BUCKET,
            "SCANFLEET_REGIONS": "us-east-1,eu-west-1",
            "SCANFLEET_LISTEN": "127.0.0.1:0",
            "SCANFLEET_IMAGES_PER_REPOSITORY": "0",
        }
        self.scanfleet("init")
        for role in ("worker", "aggregator"):
            self.start(role, "role started", str(BINARIES / "scanfleet"), role)

    def start(self, name: str, ready: str, *command: str) -> str:
        log = self.folder / f"{name}.log"
        with open(log, "wb") as output:
            self.processes.append(subprocess.Popen(command, stdout=output, stderr=output, env=self.environment))
        return stage.eventually(
            lambda: log.read_text() if ready in log.read_text() else None, f"{name} did not start: {log}"
        )

    def scanfleet(self, *arguments: str) -> None:
        ended = subprocess.run(
            [str(BINARIES / "scanfleet"), *arguments], env=self.environment, capture_output=True, text=True, timeout=120
        )
        assert ended.returncode in (0, 3), ended.stderr

    def read(self, name: str) -> Any:
        s3 = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )
        try:
            return json.loads(
                gzip.decompress(s3.get_object(Bucket=stage.BUCKET, Key="findings/" + name)["Body"].read())
            )
        except s3.exceptions.NoSuchKey:
            return None

    def published(self) -> Any:
        """The index, once it knows that the collect sweep is complete."""
        index = self.read("index.json")
        return (
            index
            if index and sum(sweep["complete"] for sweep in index["sweeps"] if sweep["kind"] == "collect")
            else None
        )

    def settled(self) -> Any:
        """The index, once it holds the sweeps' last changes: those of their last second come seconds later."""
        index = self.published()
        time.sleep(5)
        return index if index and index == self.published() else None

    def stop(self) -> None:
        for process in reversed(self.processes):
            stage.end(process)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    running = Fleet(tmp_path_factory.mktemp("fleet"))
    try:
        for kind in ("scan", "collect"):
            running.scanfleet("sweep", kind, "--wait")
        yield running
    finally:
        running.stop()


def test_the_fleets_own_report_is_shown(fleet: Fleet, serve: Any, open_page: Any) -> None:
    index = stage.eventually(fleet.settled, "the report was not published")
    server = serve(fleet.endpoint, DASHBOARD_S3_AUTH="sigv4", **KEYS | {"AWS_REGION": "us-east-1"})
    truth = json.load(urllib.request.urlopen(fleet.endpoint + "/_truth"))
    watched = open_page()
    # An aggregator that keeps no history yet is no error.
    watched.expect("history.json")
    page = watched.page
    page.goto(server.url)
    page.wait_for_selector(".is-newest li, .is-newest p")
    assert page.locator(".figure").last.inner_text().count(f"{index['judged']} of {index['images']}") == 1
    assert index["judged"] > 10 and len(truth["accounts"]) == len(index["accounts"])

    vulnerabilities = fleet.read("vulnerabilities.json")["vulnerabilities"]
    name = max(vulnerabilities, key=lambda each: vulnerabilities[each]["images"])
    page.goto(f"{server.url}/#/vulnerabilities?id={name}")
    page.wait_for_selector(".affected")
    page.locator("a.place").first.click()
    page.wait_for_selector(".t-findings [data-row]")
    page.goto(f"{server.url}/#/coverage")
    page.wait_for_selector(".t-gaps [data-row]")
    page.goto(f"{server.url}/#/images")
    page.wait_for_selector(".t-accounts [data-row]")
    assert page.locator("[data-row]").count() == len(index["accounts"])
