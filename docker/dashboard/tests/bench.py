"""The dashboard at 100,000 images and 10,000 vulnerabilities, in Chromium behind its own nginx.

usage: bench.py [--images N] [--vulnerabilities N] [--refreshes N]
  bytes over the wire until the overview is usable, and until nothing more is asked for
  time until it is usable: the figures stand, and a click is answered
  filter latency: from a key or a click to the painted answer, the slowest of several
  heap after a forced collection, of the page and of the worker that holds the parsed files, before and after refreshes
  that each find a new report with some registries changed, while the list of all images is open
Exit status 1 where one of BUDGETS is exceeded.
"""

import argparse
import gzip
import http.server
import json
import pathlib
import sys
import tempfile
import threading
import time
from collections import Counter
from typing import Any

import report
import stage

MEGABYTE = 1 << 20


class Files(http.server.ThreadingHTTPServer):
    """A plain store of compressed files: moto would be what is measured."""

    def __init__(self, files: dict[str, Any]) -> None:
        self.bodies = {name: self.packed(content) for name, content in files.items()}
        self.revisions: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            server: "Files"

            def do_GET(self) -> None:
                name = self.path.split("/findings/")[1]
                self.server.asked[name] += 1
                etag = f'"{name}-{self.server.revisions[name]}"'
                unchanged = self.headers.get("If-None-Match") == etag
                body = b"" if unchanged else self.server.bodies[name]
                self.send_response(304 if unchanged else 200)
                for header, value in {
                    "ETag": etag,
                    "Content-Encoding": "gzip",
                    "Content-Length": str(len(body)),
                }.items():
                    self.send_header(header, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def change(self, name: str, content: Any) -> None:
        self.bodies[name] = self.packed(content)
        self.revisions[name] += 1

    @staticmethod
    def packed(content: Any) -> bytes:
        return gzip.compress(json.dumps(content, separators=(",", ":")).encode(), 6)


def latency(page: Any, action: str) -> float:
    """Milliseconds from an input event to the second frame after it, when its answer has been painted."""
    return page.evaluate(
        """async (action) => {
          const began = performance.now();
          const input = document.querySelector('[data-search]');
          const [what, value] = action.split(':');
          if (what === 'type') { input.value = value; input.dispatchEvent(new Event('input', {bubbles: true})); }
          else document.querySelectorAll('.chip')[Number(value)].click();
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          return performance.now() - began;
        }""",
        action,
    )


def busy(session: Any) -> float:
    """Milliseconds of CPU that the page's thread has used."""
    return 1000 * next(
        each["value"] for each in session.send("Performance.getMetrics")["metrics"] if each["name"] == "TaskDuration"
    )


def filters(page: Any, session: Any) -> tuple[float, float]:
    """The slowest of several keys and clicks in the list that is open: until painted, and in CPU alone."""
    times, work = [], []
    for action in [
        "type:o",
        "type:op",
        "type:ope",
        "type:openssl",
        "type:openssl buffer",
        "type:",
        "click:0",
        "click:0",
        "click:1",
        "click:1",
    ]:
        before = busy(session)
        times.append(latency(page, action))
        page.wait_for_timeout(250)
        work.append(busy(session) - before)
    print(
        "    painted after "
        + " ".join(f"{each:.0f}" for each in times)
        + " ms; CPU "
        + " ".join(f"{each:.0f}" for each in work)
        + " ms"
    )
    return max(times), max(work)


class Heaps:
    """The page's heap and its worker's, which is an isolate of its own and is asked through the page's session."""

    def __init__(self, page: Any, session: Any) -> None:
        self.page, self.session = page, session
        self.worker = ""
        self.answers: dict[int, Any] = {}
        session.on("Target.attachedToTarget", self.attached)
        session.on("Target.receivedMessageFromTarget", self.received)
        session.send("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": False})

    def attached(self, event: dict[str, Any]) -> None:
        if event["targetInfo"]["type"] == "worker":
            self.worker = event["sessionId"]

    def received(self, event: dict[str, Any]) -> None:
        answer = json.loads(event["message"])
        if "id" in answer:
            self.answers[answer["id"]] = answer

    def ask_worker(self, method: str) -> Any:
        number = len(self.answers) + 1
        message = json.dumps({"id": number, "method": method})
        self.session.send("Target.sendMessageToTarget", {"sessionId": self.worker, "message": message})
        while number not in self.answers:
            self.page.wait_for_timeout(20)
        return self.answers[number]["result"]

    def measure(self) -> dict[str, float]:
        for ask in (self.session.send, self.ask_worker) * 2:
            ask("HeapProfiler.collectGarbage")
        used = {"page": self.session.send("Runtime.getHeapUsage"), "worker": self.ask_worker("Runtime.getHeapUsage")}
        return {name: usage["usedSize"] / MEGABYTE for name, usage in used.items()}


# Remembers when the figures had been painted.
USABLE = """new MutationObserver((_, observer) => {
  if (!document.querySelector('.figures')) return;
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.usableAt = performance.now(); }));
}).observe(document, {subtree: true, childList: true})"""
# Compressed bytes, with their headers, of what had arrived by then, and of everything.
BYTES = """() => {
  const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  const sum = (entries) => entries.reduce((total, entry) => total + entry.transferSize, 0);
  return [sum(all.filter((entry) => entry.responseEnd <= window.usableAt)), sum(all)];
}"""


def first_load(page: Any, url: str, session: Any) -> dict[str, float]:
    page.add_init_script(USABLE)
    page.goto(url)
    page.wait_for_function("() => window.usableAt")
    results = {
        "overview usable after, s": page.evaluate("window.usableAt") / 1000,
        "  CPU of the page until then, s": busy(session) / 1000,
    }
    page.wait_for_selector(".is-newest li")
    results["newest criticals after, s"] = page.evaluate("performance.now()") / 1000
    results["bytes until usable, MB"] = page.evaluate(BYTES)[0] / MEGABYTE
    page.goto(f"{url}/#/vulnerabilities")
    page.wait_for_selector("[data-row]")
    results["bytes with all vulnerabilities, MB"] = page.evaluate(BYTES)[1] / MEGABYTE
    return results


def measure(page: Any, session: Any, url: str, index: dict[str, Any]) -> dict[str, float]:
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    results = first_load(page, url, session)
    page.goto(f"{url}/#/vulnerabilities")
    page.wait_for_selector("[data-row]")
    results["slowest filter of vulnerabilities, ms"], results["  its CPU, vulnerabilities, ms"] = filters(page, session)
    page.goto(f"{url}/#/images?by=repository")
    page.wait_for_selector("[data-row]")
    results["slowest filter of repositories, ms"], results["  its CPU, repositories, ms"] = filters(page, session)
    page.goto(f"{url}/#/images?by=image")
    began = time.perf_counter()
    page.get_by_role("button", name="Read all").click()
    page.wait_for_function(
        "n => Number(document.querySelector('.filter-end [role=status]').textContent.replace(/\\D/g, '')) > 0.98 * n",
        arg=index["images"],
        timeout=300_000,
    )
    page.wait_for_selector(".reading", state="detached", timeout=300_000)
    results["all images read after, s"] = time.perf_counter() - began
    page.wait_for_timeout(1000)
    results["slowest filter of all images, ms"], results["  its CPU, all images, ms"] = filters(page, session)

    return results


def refreshed(page: Any, store: Files, files: dict[str, Any], number: int) -> None:
    """One more report: a few registries have an image's tag moved, and with it everything above them."""
    registries = [name for name in files if "/" in name and files[name]["repositories"]]
    for name in registries[number % len(registries) :][:3]:
        files[name]["repositories"][0]["images"][0]["tags"] = [f"refresh-{number}"]
        store.change(name, files[name])
    for name in ("history.json", "vulnerabilities.json", "index.json"):
        files[name]["generated_at"] = report.stamp(report.datetime.now(report.timezone.utc))
        store.change(name, files[name])
    page.wait_for_timeout(1050)  # Longer than nginx keeps a copy here.
    page.keyboard.press("r")
    before = -1
    while before != (before := store.asked.total()):
        page.wait_for_timeout(400)


def growth(page: Any, heaps: Heaps, store: Files, files: dict[str, Any], refreshes: int) -> dict[str, float]:
    """What is kept for ever shows: the same list is open all the time."""
    results = {}

    def note(when: str) -> None:
        for name, megabytes in heaps.measure().items():
            results[f"heap of the {name} {when}, MB"] = megabytes

    note("with everything read")
    for number in range(refreshes):
        refreshed(page, store, files, number)
        if number == 4:
            note("after 5 refreshes")
    note(f"after {refreshes} refreshes")
    return results


BUDGETS = {
    "overview usable after, s": 2,
    "bytes until usable, MB": 1,
    "slowest filter of vulnerabilities, ms": 100,
    "slowest filter of repositories, ms": 100,
    "slowest filter of all images, ms": 100,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in {"images": 100_000, "vulnerabilities": 10_000, "accounts": 150, "refreshes": 100}.items():
        parser.add_argument("--" + name, type=int, default=value)
    options = parser.parse_args()
    size = report.Size(
        images=options.images, vulnerabilities=options.vulnerabilities, accounts=options.accounts, findings=40, days=400
    )
    files = report.Generator(size).files()
    store = Files(files)
    print(
        "compressed: "
        + ", ".join(
            f"{name} {len(store.bodies[name]) / MEGABYTE:.2f} MB"
            for name in ("index.json", "history.json", "vulnerabilities.json")
        )
    )
    print(
        f"            {sum('/' in name for name in files)} registries {sum(len(body) for name, body in store.bodies.items() if '/' in name) / MEGABYTE:.0f} MB"
    )
    with tempfile.TemporaryDirectory(prefix="scanfleet-dashboard-") as folder:
        path = pathlib.Path(folder)
        server = stage.Dashboard(path, stage.built(path), f"http://127.0.0.1:{store.server_port}")
        try:
            with stage.browser() as chromium:
                page = chromium.new_page(viewport={"width": 1440, "height": 900})
                session = page.context.new_cdp_session(page)
                both = Heaps(page, session)
                results = measure(page, session, server.url, files["index.json"])
                results |= growth(page, both, store, files, options.refreshes)
        finally:
            server.stop()
    for name, value in results.items():
        budget = BUDGETS.get(name)
        print(
            f"{name:42} {value:8.2f}"
            + (f"   budget {budget}" + ("" if value <= budget else "   EXCEEDED") if budget else "")
        )
    return int(any(results[name] > budget for name, budget in BUDGETS.items()))


if __name__ == "__main__":
    sys.exit(main())
