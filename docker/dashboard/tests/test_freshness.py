"""How old what is shown is, and what happens when only parts of it can be had anew."""

import time
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

import pytest

import report
import stage
from pages import wait_count

SMALL = report.Size(accounts=6, images=60, vulnerabilities=60, days=10)
REFUSED = "Failed to load resource"


def small(now: datetime | None = None) -> dict[str, Any]:
    return report.Generator(SMALL, now).files()


def renewed(files: dict[str, Any], **later: float) -> dict[str, Any]:
    """The same report with a later time of writing."""
    now = report.stamp(datetime.now(timezone.utc) + timedelta(**later))
    files["index.json"]["generated_at"] = files["vulnerabilities.json"]["generated_at"] = now
    return files


def with_one_less(files: dict[str, Any]) -> int:
    """Takes a vulnerability out; tells how many there are then."""
    entries = files["vulnerabilities.json"]["vulnerabilities"]
    entries.popitem()
    return len(entries)


def test_old_data_in_a_new_report_is_called_old(open_page: Any, shelf: Any) -> None:
    shelf.publish(renewed(small(datetime.now(timezone.utc) - timedelta(hours=9))))
    page = open_page().page
    page.goto(shelf.serve().url)
    page.get_by_text("The data is old.").wait_for()
    assert page.locator(".age.is-stale").inner_text() == "Data 9 hours ago, report just now"


def test_a_copy_older_than_the_index_is_asked_for_again(open_page: Any, shelf: Any) -> None:
    files = small()
    shelf.publish(files)
    server = shelf.serve(DASHBOARD_CACHE_SECONDS="10")
    page = open_page().page
    page.goto(f"{server.url}/#/coverage")
    page.wait_for_selector("[data-row]")
    time.sleep(8)
    page.goto(f"{server.url}/#/vulnerabilities")
    wait_count(page, len(files["vulnerabilities.json"]["vulnerabilities"]))
    left = with_one_less(files)
    renewed(files)
    shelf.publish({name: files[name] for name in ("vulnerabilities.json", "index.json")})
    time.sleep(3)
    page.keyboard.press("r")
    page.get_by_text("report just now").wait_for()
    # nginx has given the new index and its copy of the list, which it may keep for seconds more.
    assert server.requests(path="/report/vulnerabilities.json", cache="HIT")
    time.sleep(9)
    page.keyboard.press("r")
    wait_count(page, left)


def test_an_older_index_never_takes_a_newer_ones_place(open_page: Any, shelf: Any) -> None:
    files = small(datetime.now(timezone.utc) - timedelta(hours=2))
    shelf.publish(files)
    server = shelf.serve()
    page = open_page().page
    page.goto(server.url)
    page.get_by_text("report 2 hours ago").wait_for()
    files["index.json"]["generated_at"] = report.stamp(datetime.now(timezone.utc) - timedelta(hours=3))
    shelf.publish(files)
    server.let_copies_age()
    with page.expect_response(lambda answer: answer.url.endswith("/index.json")) as answered:
        page.keyboard.press("r")
    answered.value.finished()
    page.wait_for_timeout(300)
    assert page.get_by_text("report 2 hours ago").is_visible()


def test_parts_that_could_not_be_had_anew_are_named(open_page: Any, shelf: Any) -> None:
    files = small()
    region = next(name for name in files if "/" in name and files[name]["repositories"])
    shelf.publish(files)
    server = shelf.serve()
    watched = open_page()
    watched.expect(REFUSED)
    page = watched.page
    page.goto(f"{server.url}/#/vulnerabilities")
    page.wait_for_selector("[data-row]")
    page.goto(f"{server.url}/#/images?by=image&account={region.split('/')[0]}&region={region.split('/')[1][:-5]}")
    page.wait_for_selector(".t-images [data-row]")
    shelf.remove("vulnerabilities.json", region)
    shelf.publish({"index.json": renewed(files)["index.json"]})
    server.let_copies_age()
    page.keyboard.press("r")
    page.get_by_text("the vulnerabilities, the images of 1 of the registries").wait_for()
    assert page.locator("[data-row]").count() > 0
    shelf.publish(files)
    server.let_copies_age()
    page.locator(".notice", has_text="Parts of this are old").get_by_role("button", name="Try again").click()
    page.get_by_text("Parts of this are old").wait_for(state="detached")


@pytest.mark.parametrize(("status", "shown"), [(404, "The history begins with"), (403, "Parts of this are old")])
def test_a_history_that_was_away_comes_back(
    open_page: Any, dashboard: stage.Dashboard, status: int, shown: str
) -> None:
    watched = open_page()
    watched.expect(REFUSED)
    page = watched.page
    page.goto(dashboard.url)
    page.wait_for_selector(".readout strong")
    page.context.route("**/history.json", lambda route: route.fulfill(status=status))
    page.keyboard.press("r")
    page.get_by_text(shown).wait_for()
    page.context.unroute("**/history.json")
    page.keyboard.press("r")
    page.get_by_text(shown).wait_for(state="detached")
    page.wait_for_selector(".readout strong")


def test_a_reader_that_cannot_be_loaded_is_no_endless_wait(
    open_page: Any, dashboard: stage.Dashboard, files: dict[str, Any]
) -> None:
    watched = open_page()
    watched.expect(REFUSED)
    page = watched.page
    page.context.route("**/registry-worker.js", lambda route: route.fulfill(status=404))
    account = next(name for name in files if "/" in name and files[name]["repositories"]).split("/")[0]
    page.goto(f"{dashboard.url}/#/images?by=image&account={account}")
    page.get_by_text("could not be started. Reload the page.").first.wait_for()
    page.context.unroute("**/registry-worker.js")
    page.get_by_role("button", name="Try again").first.click()
    page.wait_for_selector(".t-images [data-row]")


def test_a_registry_that_vanishes_while_it_is_read_stays_away(open_page: Any, shelf: Any) -> None:
    files = small(datetime.now(timezone.utc) - timedelta(hours=2))
    kept, gone = [name for name in files if "/" in name and files[name]["repositories"]][:2]
    repository = files[kept]["repositories"][0]
    digest = repository["images"][0]["digest"]
    files[gone]["repositories"][0]["images"][0]["digest"] = digest
    shelf.publish(files)
    page = open_page().page
    held: list[Any] = []
    page.context.route(f"**/{gone}", lambda route: held.append(route))
    name = quote(f"{kept.removesuffix('.json')}/{repository['name']}@{digest}", safe="")
    server = shelf.serve()
    page.goto(f"{server.url}/#/images?by=image&image={name}")
    page.get_by_text("Not found among").wait_for()
    for account in files["index.json"]["accounts"]:
        account["regions"] = [each for each in account["regions"] if f"{account['id']}/{each['region']}.json" != gone]
    shelf.publish({"index.json": renewed(files)["index.json"]})
    server.let_copies_age()
    page.keyboard.press("r")
    page.get_by_text("report just now").wait_for()
    with page.expect_response(f"**/{gone}") as answered:
        held[0].continue_()
    answered.value.finished()
    page.wait_for_timeout(300)
    assert page.get_by_text("Not found among").is_visible()


def test_a_registry_of_which_only_a_vulnerability_was_asked_is_read_when_shown(open_page: Any, shelf: Any) -> None:
    # Large enough that its reading tells of progress.
    files = report.Generator(report.Size(accounts=1, regions=1, images=300, vulnerabilities=60, days=2)).files()
    shelf.publish(files)
    page = open_page().page
    server = shelf.serve()
    page.goto(f"{server.url}/#/vulnerabilities?id={next(iter(files['vulnerabilities.json']['vulnerabilities']))}")
    page.wait_for_selector(".affected")
    page.goto(f"{server.url}/#/images?by=image")
    page.wait_for_selector(".t-images [data-row]")


def test_a_newer_dashboard_is_told_of(open_page: Any, dashboard: stage.Dashboard) -> None:
    page = open_page().page
    page.goto(dashboard.url)
    page.wait_for_selector(".figures")
    assert page.get_by_text("A newer dashboard is there").count() == 0
    config = page.request.get(f"{dashboard.url}/config.json").json()
    page.context.route("**/config.json", lambda route: route.fulfill(json=config | {"build": "0123456789ab"}))
    page.keyboard.press("r")
    page.get_by_text("A newer dashboard is there").wait_for()
    with page.expect_navigation():
        page.get_by_role("button", name="Reload").click()


def test_a_dashboard_that_cannot_start_says_so(open_page: Any, dashboard: stage.Dashboard) -> None:
    watched = open_page()
    watched.expect(REFUSED)
    watched.page.context.route("**/main.js", lambda route: route.fulfill(status=404))
    watched.page.goto(dashboard.url)
    watched.page.get_by_text("reload the page").wait_for()


def test_a_fault_of_the_page_itself_is_told_and_other_views_work(open_page: Any, shelf: Any) -> None:
    files = small()
    files["history.json"]["days"][-1]["images"] = None
    shelf.publish(files)
    watched = open_page()
    watched.expect("Cannot read properties of null")
    page = watched.page
    page.goto(shelf.serve().url)
    page.get_by_text("The dashboard itself failed").wait_for()
    page.keyboard.press("3")
    page.wait_for_selector(".t-accounts [data-row]")


@pytest.mark.parametrize("missing", ["index", "registry"])
def test_what_was_not_read_is_not_called_unaffected(open_page: Any, shelf: Any, missing: str) -> None:
    files = small()
    registries = files["vulnerabilities.json"]["registries"]
    name, entry = next(
        item for item in files["vulnerabilities.json"]["vulnerabilities"].items() if len(item[1]["places"]) == 1
    )
    shelf.publish(files)
    shelf.remove("index.json" if missing == "index" else f"{registries[entry['places'][0][0]]}.json")
    watched = open_page()
    watched.expect(REFUSED)
    page = watched.page
    page.goto(f"{shelf.serve().url}/#/vulnerabilities?id={name}")
    page.get_by_text("once the index of the report has been read" if missing == "index" else "Not read:").wait_for()
    page.wait_for_timeout(300)
    assert page.get_by_text("No image in the chosen places has it").count() == 0


def test_a_new_report_asks_for_each_registry_once(open_page: Any, shelf: Any) -> None:
    files = small(datetime.now(timezone.utc) - timedelta(hours=2))
    shelf.publish(files)
    server = shelf.serve()
    page = open_page().page
    page.goto(f"{server.url}/#/images?by=image")
    page.wait_for_selector("[data-row]")
    page.wait_for_selector(".reading", state="detached")
    shelf.publish(renewed(files))
    server.let_copies_age()
    page.keyboard.press("r")
    page.get_by_text("report just now").wait_for()
    asked = [f"/report/{name}" for name in files if "/" in name and files[name]["repositories"]]
    for path in asked:
        stage.eventually(lambda: len(server.requests(path=path)) > 1, f"{path} is not asked for again")
    page.wait_for_timeout(500)
    assert {path: len(server.requests(path=path)) for path in asked} == dict.fromkeys(asked, 2)
