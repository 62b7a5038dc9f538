"""A fleet of processes against the simulator, for suites that are not Swift. Everything ends with the block."""

import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.request

from ports import free_port


def page(address: str, path: str, data: bytes | None = None) -> str:
    with urllib.request.urlopen(address + path, data=data, timeout=30) as answer:
        return answer.read().decode()


class Fleet:
    """Processes that end with the block."""

    def __init__(self, binaries: pathlib.Path, directory: pathlib.Path):
        self.binaries, self.directory = binaries, directory
        self.processes: list[subprocess.Popen[bytes]] = []
        self.environment = dict(os.environ)

    def start(self, name: str, *command: object, **variables: str) -> "subprocess.Popen[bytes]":
        with open(self.directory / f"{name}.log", "wb") as log:
            process = subprocess.Popen(
                [str(part) for part in command], stdout=log, stderr=log, env=self.environment | variables
            )
        self.processes.append(process)
        return process

    def log(self, name: str) -> str:
        return (self.directory / f"{name}.log").read_text(errors="replace")

    def wait_for(self, name: str, text: str) -> str:
        for _ in range(1200):
            if match := re.search(text, self.log(name)):
                return match.group(0)
            time.sleep(0.1)
        sys.exit(f"{name} did not start:\n{self.log(name)[-2000:]}")

    def __enter__(self) -> "Fleet":
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()

    def start_role(self, name: str, **variables: str) -> str:
        """Starts the role that the name begins with; answers its admin address."""
        address = f"127.0.0.1:{free_port()}"
        self.start(name, self.binaries / "scanfleet", name.split("-")[0], SCANFLEET_LISTEN=address, **variables)
        self.wait_for(name, "role started")
        return address

    def run(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Runs one command of the binary to its end."""
        command = [str(self.binaries / "scanfleet"), *arguments]
        return subprocess.run(command, env=self.environment | variables, capture_output=True, text=True, timeout=600)

    def start_services(self, *organization: str, **variables: str) -> str:
        """Starts Redis and an organization, a small one where nothing is said; answers the simulator's address."""
        redis = self.directory / "redis.sock"
        self.start(
            "redis",
            "redis-server",
            "--port",
            0,
            "--unixsocket",
            redis,
            "--save",
            "",
            "--appendonly",
            "yes",
            "--maxmemory",
            "256mb",
            "--dir",
            self.directory,
        )
        self.wait_for("redis", "eady to accept connections")
        small = ("--accounts", "4", "--repositories", "2", "--images", "4")
        self.start("simulator", self.binaries / "scanfleet-simulator", "--port", 0, *(organization or small))
        endpoint = self.wait_for("simulator", r"http://[\d.:]+")
        self.environment |= {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "AKIASIMULATORMANAGEMENT",
            "AWS_SECRET_ACCESS_KEY": "simulated-secret",
            "SCANFLEET_REDIS_URL": f"unix://{redis}",
            "SCANFLEET_BUCKET": "scanfleet-report",
            "SCANFLEET_REGIONS": "us-east-1",
            "SCANFLEET_CONCURRENCY": "8",
            "SCANFLEET_HUBOT_URL": f"{endpoint}/hubot/scanfleet",
            "SCANFLEET_HUBOT_ROOM": "security",
        }
        self.environment |= variables
        return endpoint
