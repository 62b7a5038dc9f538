"""What the tests and the bench play on: an S3 (moto), the dashboard's nginx as an unprivileged user, and a browser."""

import gzip
import http.server
import json
import os
import pathlib
import signal
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3

HERE = pathlib.Path(__file__).resolve().parent
DASHBOARD = HERE.parent
sys.path.insert(0, str(DASHBOARD.parents[1] / "ops/lib"))
from ports import free_port  # noqa: E402

BUCKET = "scanfleet-report"
REGION = "eu-west-1"


def wait_for(url: str, process: subprocess.Popen[Any], log: pathlib.Path) -> None:
    deadline = time.time() + 120
    while time.time() < deadline:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
    raise RuntimeError(f"{url} does not answer:\n{log.read_text()[-3000:]}")


def eventually(ask: Callable[[], Any], otherwise: str, seconds: float = 120) -> Any:
    deadline = time.time() + seconds
    while time.time() < deadline:
        if found := ask():
            return found
        time.sleep(0.1)
    raise AssertionError(otherwise)


def end(process: subprocess.Popen[Any]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class S3:
    """moto's S3, which can be stopped and started again where it was."""

    def __init__(self, folder: pathlib.Path, is_open: bool = True, environment: dict[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "s3.log"
        self.environment = os.environ | (environment or {})
        self.keys = {"aws_access_key_id": "AKIATESTTESTTESTTEST", "aws_secret_access_key": "secret"}
        self.process: subprocess.Popen[Any] | None = None
        self.start()
        client = self.client("s3")
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        if is_open:
            # What stands for the VPC endpoint's condition of a real bucket.
            statement = {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{BUCKET}/findings/*",
            }
            client.put_bucket_policy(
                Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            )

    def start(self) -> None:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=self.environment)
        wait_for(self.url + "/moto-api/", self.process, self.log)

    def stop(self) -> None:
        if self.process:
            end(self.process)

    def client(self, service: str) -> Any:
        return boto3.client(service, endpoint_url=self.url, region_name=REGION, **self.keys)

    def publish(self, files: dict[str, Any], prefix: str = "findings/") -> None:
        """Stores the files as the aggregator does: compressed, the index last."""
        client = self.client("s3")
        for name in sorted(files, key=lambda name: name == "index.json"):
            body = gzip.compress(json.dumps(files[name], separators=(",", ":")).encode(), 6, mtime=0)
            client.put_object(
                Bucket=BUCKET, Key=prefix + name, Body=body, ContentType="application/json", ContentEncoding="gzip"
            )

    def remove(self, *names: str, prefix: str = "findings/") -> None:
        for name in names:
            self.client("s3").delete_object(Bucket=BUCKET, Key=prefix + name)


class Dashboard:
    """The entry point of the image, run as nobody with nothing writable but its run folder."""

    def __init__(self, folder: pathlib.Path, static: pathlib.Path, endpoint: str, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.run = folder / f"run-{self.port}"
        self.log = folder / f"nginx-{self.port}.log"
        self.run.mkdir()
        self.log.touch()
        nobody = []
        if os.getuid() == 0:
            for path in (self.run, self.log):
                os.chown(path, 65534, 65534)
            nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"]
        settings = {
            "PATH": os.environ["PATH"],
            "SCANFLEET_BUCKET": BUCKET,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": endpoint,
            "DASHBOARD_LISTEN": f"127.0.0.1:{self.port}",
            "DASHBOARD_RUN_DIRECTORY": str(self.run),
            "DASHBOARD_CACHE_SECONDS": "1",
            "DASHBOARD_STATIC_DIRECTORY": str(static),
            "DASHBOARD_RESOLVER": "127.0.0.1",
        }
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [*nobody, str(DASHBOARD / "entrypoint")], stdout=log, stderr=log, env=settings | environment
            )
        wait_for(self.url + "/healthz", self.process, self.log)

    def requests(self, **facts: str) -> list[dict[str, Any]]:
        """What the access log says of requests with these facts; it is written a moment after the answer."""
        deadline = time.time() + 3
        while True:
            lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.startswith("{")]
            found = [entry for entry in map(json.loads, lines) if facts.items() <= entry.items()]
            if found or time.time() > deadline:
                return found
            time.sleep(0.05)

    @staticmethod
    def let_copies_age() -> None:
        """Longer than DASHBOARD_CACHE_SECONDS, which nginx counts in whole seconds."""
        time.sleep(2.2)

    def stop(self) -> None:
        end(self.process)


class Listener:
    """A server that answers everything alike and remembers what it heard."""

    def __init__(
        self,
        status: int,
        body: bytes,
        headers: dict[str, str] | None = None,
        certificate: tuple[pathlib.Path, pathlib.Path] | None = None,
    ) -> None:
        self.status, self.body, self.headers = status, body, headers or {}
        self.heard: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.heard.append((self.requestline, dict(self.headers)))
                status = outer.status_for(dict(self.headers))
                body = b"" if status == 304 else outer.body
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **outer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.server.server_port}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    def status_for(self, headers: dict[str, str]) -> int:
        """Alike for all, unless a test's own listener looks at the headers."""
        return self.status

    def __enter__(self) -> "Listener":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def built(folder: pathlib.Path) -> pathlib.Path:
    """The static files, readable for nobody."""
    static = folder / "static"
    subprocess.run([str(DASHBOARD / "build"), str(static)], check=True)
    for part in (folder, *folder.parents[:-2]):
        if part.stat().st_uid == os.getuid():
            part.chmod(part.stat().st_mode | 0o111)
    return static


@contextmanager
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = [
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--enable-precise-memory-info",
            "--js-flags=--expose-gc",
        ]
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield chromium
        chromium.close()
