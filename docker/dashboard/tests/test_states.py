"""What is shown when something is missing, old, broken, empty or hostile, and to whom it can be read out."""

import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe

import hostile
import report
import stage

SMALL = report.Size(accounts=6, images=60, vulnerabilities=60, days=10)
REFUSED = "Failed to load resource"


def small(now: datetime | None = None) -> dict[str, Any]:
    return report.Generator(SMALL, now).files()


def test_an_empty_bucket_is_an_error_that_says_so(open_page: Any, shelf: Any) -> None:
    watched = open_page()
    watched.expect(REFUSED)
    watched.page.goto(shelf.serve().url)
    alert = watched.page.get_by_role("alert")
    alert.wait_for()
    assert "report/index.json" in alert.inner_text()
    shelf.publish(small())
    watched.page.get_by_role("button", name="Try again").click()
    watched.page.wait_for_selector(".figures")


def test_an_organization_without_accounts_and_one_without_gaps(open_page: Any, shelf: Any) -> None:
    index = {
        "version": 1,
        "organization": "o-x",
        "generated_at": report.stamp(datetime.now(timezone.utc)),
        "sweeps": [],
        "accounts": [],
        "images": 0,
        "judged": 0,
        "coverage": {},
        "findings": {},
        "vulnerabilities": 0,
        "obstacles": 0,
    }
    shelf.publish(
        {"index.json": index, "vulnerabilities.json": {"generated_at": index["generated_at"], "vulnerabilities": {}}}
    )
    watched = open_page()
    watched.expect(REFUSED)
    server = shelf.serve()
    for view, words in {
        "overview": "Nothing has been looked into yet",
        "vulnerabilities": "No vulnerabilities",
        "images": "No images",
        "coverage": "No gaps",
        "fleet": "The coordinator is not connected",
    }.items():
        watched.page.goto(f"{server.url}/#/{view}")
        watched.page.get_by_text(words).first.wait_for()


def test_an_old_report_is_shown_with_a_warning(open_page: Any, shelf: Any) -> None:
    shelf.publish(small(datetime.now(timezone.utc) - timedelta(hours=9)))
    page = open_page().page
    page.goto(shelf.serve().url)
    page.get_by_text("The data is old.").wait_for()
    assert page.locator(".age.is-stale").inner_text() == "Data 9 hours ago, report 9 hours ago"


def test_a_lost_bucket_leaves_the_copy_and_says_so(open_page: Any, own_s3: stage.S3, serve: Any) -> None:
    own_s3.publish(small())
    watched = open_page()
    watched.expect(REFUSED)
    page = watched.page
    server = serve(own_s3.url)
    page.goto(server.url)
    page.wait_for_selector(".is-newest li, .is-newest p")
    own_s3.stop()
    server.let_copies_age()
    page.keyboard.press("r")
    page.get_by_text("The bucket cannot be reached.").wait_for()
    server.stop()
    page.keyboard.press("r")
    page.get_by_text("Not refreshed.").wait_for()
    assert page.locator(".figures").is_visible()
    own_s3.start()


def test_a_broken_or_cut_file_never_makes_a_blank_page(open_page: Any, own_s3: stage.S3, serve: Any) -> None:
    files = small()
    region = next(name for name in files if "/" in name and files[name]["repositories"])
    account = region.split("/")[0]
    own_s3.publish(files | {"vulnerabilities.json": ["unexpected"], "history.json": "unexpected"})
    own_s3.client("s3").put_object(
        Bucket=stage.BUCKET, Key="findings/" + region, Body=json.dumps(files[region])[:500].encode()
    )
    server = serve(own_s3.url)
    page = open_page().page
    page.goto(server.url)
    page.get_by_text("The history is missing").wait_for()
    page.get_by_text("has an unexpected shape").first.wait_for()
    page.goto(f"{server.url}/#/vulnerabilities")
    page.get_by_role("button", name="Try again").wait_for()
    page.goto(f"{server.url}/#/images?by=image&account={account}")
    page.get_by_text("1 registry could not be read").wait_for()
    own_s3.publish(files)
    # nginx may give its copy once more while it fetches the new one, so a person may have to ask twice.
    for _ in range(5):
        server.let_copies_age()
        if page.get_by_text("could not be read").count() == 0:
            break
        page.get_by_role("button", name="Try again").click()
    page.get_by_text("could not be read").wait_for(state="detached")


def test_an_older_report_without_the_newer_parts_works(open_page: Any, shelf: Any) -> None:
    files = small()
    del files["history.json"], files["vulnerabilities.json"]["registries"]
    for entry in files["vulnerabilities.json"]["vulnerabilities"].values():
        for name in ("places", "packages", "fixable_images", "first_seen", "score"):
            del entry[name]
    shelf.publish(files)
    watched = open_page()
    watched.expect(REFUSED)
    page = watched.page
    server = shelf.serve()
    page.goto(server.url)
    page.get_by_text("The history begins with").wait_for()
    name, entry = max(files["vulnerabilities.json"]["vulnerabilities"].items(), key=lambda item: item[1]["images"])
    page.goto(f"{server.url}/#/vulnerabilities?id={name}")
    page.wait_for_selector(".affected-images h3 .muted")
    assert "not known" in page.locator(".detail").inner_text() and page.locator(".affected").count() > 0


def test_a_new_report_replaces_what_is_shown(open_page: Any, shelf: Any) -> None:
    files = small(datetime.now(timezone.utc) - timedelta(hours=2))
    shelf.publish(files)
    server = shelf.serve()
    page = open_page().page
    region = next(name for name in files if "/" in name and files[name]["repositories"])
    page.goto(f"{server.url}/#/images?by=image&account={region.split('/')[0]}")
    page.get_by_text("report 2 hours ago").wait_for()
    page.wait_for_selector("[data-row]")
    before = page.locator(".filter-end [role=status]").inner_text()
    now = report.stamp(datetime.now(timezone.utc))
    files[region]["repositories"][0]["images"].append(
        files[region]["repositories"][0]["images"][0] | {"digest": "sha256:" + "f" * 64}
    )
    files["index.json"]["generated_at"] = files["vulnerabilities.json"]["generated_at"] = now
    shelf.publish(files)
    server.let_copies_age()
    page.keyboard.press("r")
    page.get_by_text("report just now").wait_for()
    page.wait_for_function(
        "before => document.querySelector('.filter-end [role=status]').textContent !== before", arg=before
    )


def test_text_from_findings_stays_text(open_page: Any, shelf: Any) -> None:
    files = small()
    file = hostile.poison(files)
    shelf.publish(files)
    server = shelf.serve()
    page = open_page().page
    account, region = file.removesuffix(".json").split("/")
    image = quote(f"{account}/{region}/{hostile.REPOSITORY}@{hostile.DIGEST}", safe="")
    addresses = [
        "overview",
        f"vulnerabilities?id={quote(hostile.ID, safe='')}",
        "vulnerabilities?q=onerror",
        f"images?by=repository&account={account}",
        f"images?by=image&account={account}&image={image}",
        "coverage",
        f"coverage?state={quote(hostile.SCRIPT, safe='')}",
        "fleet",
        f"images?account={quote(hostile.SCRIPT)}&region={quote(hostile.BREAKOUT)}&q={quote(hostile.TEMPLATE)}",
        quote(hostile.SCRIPT),
        "images?image=%E0%A4%A",
    ]
    for address in addresses:
        page.goto("about:blank")
        page.goto(f"{server.url}/#/{address}")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(150)
        assert (
            page.locator("main img, main script, [onerror], [onload], a[href^='javascript' i], main iframe").count()
            == 0
        )
        assert page.evaluate("window.stolen") is None
    page.goto(f"{server.url}/#/vulnerabilities?id={quote(hostile.ID, safe='')}")
    page.wait_for_selector(".affected")
    text = page.locator(".detail").inner_text()
    assert (
        "<script>window.stolen='script'</script>" in text
        and "javascript:window.stolen" in text
        and "{{constructor" in text
    )
    page.goto(f"{server.url}/#/vulnerabilities?q=onerror")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download what is shown as CSV").click()
    assert '"\'=HYPERLINK(""http' in open(waiting.value.path(), encoding="utf-8-sig").read()


def test_the_fleet_shows_sweeps_and_survives_their_end(open_page: Any, s3: stage.S3, serve: Any) -> None:
    sweep = {
        "id": "collect-20261123T090000Z",
        "total": 200,
        "done": 50,
        "dead": 0,
        "cancelled": 0,
        "retried": 3,
        "recovered": 1,
        "closed": True,
        "opened_at": datetime.now(timezone.utc).timestamp() - 300,
        "completed_at": None,
        "tallies": {},
    }
    queue = {
        "ready": 120,
        "due": 2,
        "in_flight": 28,
        "delayed": 0,
        "suspect": 1,
        "dead": 4,
        "backlog": 150,
        "desired_workers": 3,
        "oldest_ready_seconds": 95,
        "sweeps": [sweep],
    }
    watched = open_page()
    watched.expect(REFUSED)
    page = watched.page
    with stage.Listener(200, json.dumps(queue).encode()) as coordinator:
        server = serve(s3.url, DASHBOARD_COORDINATOR_URL=coordinator.url)
        page.goto(f"{server.url}/#/fleet")
        page.get_by_text("50 of 200 repositories").wait_for()
        assert page.locator(".figure-value").all_inner_texts() == ["150", "28", "0", "1 min", "4"]
        # The same share in a longer time leaves more of it.
        page.get_by_text(re.compile("about 1[5-9] min left")).wait_for()
        coordinator.body = json.dumps(queue | {"sweeps": [sweep | {"done": 150, "closed": False}]}).encode()
        page.get_by_text("Still listing").wait_for()
        assert page.get_by_text("left").count() == 0
    page.get_by_text("does not answer any more").wait_for(timeout=20_000)
    page.goto("about:blank")
    page.goto(f"{server.url}/#/fleet")
    page.get_by_text("Sweeps behind the report").wait_for()


# Each view with what it shows once it is complete.
VIEWS = {
    "overview": ".figure.is-critical, .figure.is-high",
    "vulnerabilities": "[data-row]",
    "vulnerabilities?id={id}": ".affected",
    "images": "[data-row]",
    "images?by=repository": "[data-row]",
    "images?by=image&account={account}": "[data-row]",
    "images?image={image}": ".detail .facts",
    "coverage": "[data-row]",
    "fleet": ".sweep",
}
# What scrolls upwards has no business to scroll sideways; lists of chips and of numbers may.
OVERFLOWING = """[...document.querySelectorAll('html, main, .list, .overview, .coverage, .coverage-body, .detail-body, .scroller')]
  .filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.className || each.tagName)"""


EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}


@pytest.mark.parametrize(
    ("width", "scheme", "rules"),
    [(1280, "light", EVERYTHING), (360, "dark", EVERYTHING), (1280, "dark", CONTRAST), (360, "light", CONTRAST)],
)
def test_every_view_can_be_read_by_everybody(
    open_page: Any, dashboard: stage.Dashboard, files: dict[str, Any], width: int, scheme: str, rules: dict[str, Any]
) -> None:
    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme).page
    file = next(name for name in files if "/" in name and files[name]["repositories"])
    repository = files[file]["repositories"][0]
    image = quote(f"{file.removesuffix('.json')}/{repository['name']}@{repository['images'][0]['digest']}", safe="")
    name = next(iter(files["vulnerabilities.json"]["vulnerabilities"]))
    found = {}
    for view, shown in VIEWS.items():
        page.goto("about:blank")
        page.goto(f"{dashboard.url}/#/" + view.format(id=name, account=file.split("/")[0], image=image))
        page.wait_for_selector(shown)
        page.wait_for_load_state("networkidle")
        assert page.evaluate(OVERFLOWING) == [], view
        result = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
        assert result.response["violations"] or result.response["passes"]
        for violation in result.response["violations"]:
            found[f"{view}: {violation['id']}"] = (
                violation["nodes"][0]["html"][:200] + " " + violation["nodes"][0].get("failureSummary", "")[:300]
            )
    assert found == {}
