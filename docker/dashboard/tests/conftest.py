"""Fixtures: one S3, one nginx and one Chromium for all tests; a page that fails its test for any error in its console."""

import os
import pathlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest

import report
import stage


@pytest.fixture(scope="session")
def folder() -> Iterator[pathlib.Path]:
    path = pathlib.Path(tempfile.mkdtemp(prefix="scanfleet-dashboard-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def static(folder: pathlib.Path) -> pathlib.Path:
    return stage.built(folder)


@pytest.fixture(scope="session")
def files() -> dict[str, Any]:
    return report.Generator(report.Size(images=500, vulnerabilities=300)).files()


@pytest.fixture(scope="session")
def s3(folder: pathlib.Path, files: dict[str, Any]) -> Iterator[stage.S3]:
    server = stage.S3(folder)
    server.publish(files)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def dashboard(folder: pathlib.Path, static: pathlib.Path, s3: stage.S3) -> Iterator[stage.Dashboard]:
    server = stage.Dashboard(folder, static, s3.url)
    yield server
    server.stop()


@pytest.fixture
def serve(folder: pathlib.Path, static: pathlib.Path) -> Iterator[Any]:
    """Starts further dashboards, for one test each."""
    started: list[stage.Dashboard] = []

    def start(endpoint: str, **environment: str) -> stage.Dashboard:
        started.append(stage.Dashboard(folder, static, endpoint, **environment))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def own_s3(tmp_path: pathlib.Path) -> Iterator[stage.S3]:
    """An S3 whose report a test may change."""
    server = stage.S3(tmp_path)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    with stage.browser() as browser:
        yield browser


class Shelf:
    """A report of the test's own: a prefix of the bucket that all share, since a server more takes seconds."""

    def __init__(self, s3: stage.S3, prefix: str, serve: Any) -> None:
        self.s3, self.prefix, self.start = s3, prefix, serve

    def publish(self, files: dict[str, Any]) -> None:
        self.s3.publish(files, self.prefix)

    def remove(self, *names: str) -> None:
        self.s3.remove(*names, prefix=self.prefix)

    def serve(self, **environment: str) -> stage.Dashboard:
        return self.start(self.s3.url, SCANFLEET_REPORT_PREFIX=self.prefix, **environment)


@pytest.fixture
def shelf(s3: stage.S3, serve: Any, request: pytest.FixtureRequest) -> Shelf:
    return Shelf(s3, f"findings/{re.sub('[^a-z0-9]+', '-', request.node.name)}/", serve)


class Watched:
    """A page, and everything that it complained about."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.expected = re.compile("(?!)")
        page.on("console", lambda message: self.hear(message.type, f"{message.text} {message.location.get('url', '')}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.add_init_script(
            "window.violations = []; addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective + ' ' + e.blockedURI))"
        )

    def hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not self.expected.search(text):
            self.complaints.append(f"{kind}: {text}")

    def expect(self, pattern: str) -> None:
        """Lets the browser's own words about a failed request pass: the test makes it fail on purpose."""
        self.expected = re.compile(pattern)

    def check(self) -> None:
        assert self.page.evaluate("window.violations") == []
        assert self.complaints == []
        assert self.page.evaluate("window.stolen") is None


WATCHED = pytest.StashKey[list[Watched]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Before the test's servers are stopped, of which a page that still loads would complain."""
    yield
    for each in item.stash.get(WATCHED, []):
        each.check()


@pytest.fixture
def open_page(chromium: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    watched: list[Watched] = []
    request.node.stash[WATCHED] = watched

    def opened(**options: Any) -> Watched:
        context = chromium.new_context(
            **({"viewport": {"width": 1280, "height": 800}, "timezone_id": "Europe/Berlin"} | options)
        )
        context.set_default_timeout(30_000)
        watched.append(Watched(context.new_page()))
        return watched[-1]

    yield opened
    for each in watched:
        each.page.context.close()


@pytest.fixture
def page(open_page: Any, dashboard: stage.Dashboard) -> Any:
    """The overview, loaded."""
    opened = open_page().page
    opened.goto(dashboard.url)
    opened.wait_for_selector(".figures")
    return opened


@pytest.fixture
def vulnerabilities(files: dict[str, Any]) -> dict[str, Any]:
    return files["vulnerabilities.json"]["vulnerabilities"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What cannot be skipped in CI fails there."""
    if os.environ.get("SCANFLEET_REQUIRE_SERVERS"):
        for item in items:
            item.own_markers = [mark for mark in item.own_markers if mark.name != "skipif"]
