"""Measures the time from a write into the store to Hubot's hearing of it, through real processes.

usage: news.py FOLDER [COUNT]
FOLDER holds scanfleet, scanfleet-simulator and scanfleet-bench. After a first sweep, whose summary Hubot has heard, COUNT (200
unless told) new critical findings are written into the simulator's DynamoDB, about two a second; each is followed through the
table's stream, the aggregator and its outbox to the post. Exit status 1 where one is not heard within a minute.
"""

import http.server
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "lib"))
from fleet import Fleet  # noqa: E402

PATIENCE_SECONDS = 60


class Hubot(http.server.BaseHTTPRequestHandler):
    """Hears everything, and remembers when each vulnerability was first named."""

    heard: dict[str, float] = {}
    posts = 0

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        for name in re.findall(r"CVE-2099-\d+", text):
            Hubot.heard.setdefault(name, time.time())
        Hubot.posts += 1
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def wait_until(is_so, what):
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > end:
            sys.exit(f"{what} within {PATIENCE_SECONDS} s")
        time.sleep(0.05)


def written(fleet, binaries, endpoint, count):
    """Writes the changes; answers when each vulnerability was written."""
    command = [binaries / "scanfleet-bench", "changes", endpoint, str(count)]
    run = subprocess.run(command, env=fleet.environment, capture_output=True, text=True, check=True)
    return {name: float(at) for name, at in (line.split("\t") for line in run.stdout.splitlines())}


def main():
    binaries, count = pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hubot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as directory, Fleet(binaries, pathlib.Path(directory)) as fleet:
        hubot = f"http://127.0.0.1:{server.server_address[1]}/"
        endpoint = fleet.start_services(SCANFLEET_HUBOT_URL=hubot)
        for command in (["init"], ["sweep", "collect", "--wait"]):
            if command[0] == "sweep":
                fleet.start_role("worker")
                fleet.start_role("aggregator")
            run = fleet.run(*command)
            if run.returncode not in (0, 3):
                sys.exit(f"scanfleet {' '.join(command)} failed:\n{run.stderr[-2000:]}")
        wait_until(lambda: Hubot.posts > 0, "the first sweep was not told")
        time.sleep(5)
        at = written(fleet, binaries, endpoint, count)
        wait_until(lambda: at.keys() <= Hubot.heard.keys(), f"{len(at)} changes were not all told")
    waits = sorted(Hubot.heard[name] - begun for name, begun in at.items())
    median, late = waits[len(waits) // 2], waits[min(len(waits) - 1, len(waits) * 99 // 100)]
    print(f"\n{len(waits)} changes, from the write to Hubot: p50 {median:.2f} s, p99 {late:.2f} s, longest {waits[-1]:.2f} s")


if __name__ == "__main__":
    main()
