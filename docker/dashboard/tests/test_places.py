"""What the views say of chosen places, of days, and of what nobody could look into; and how one gets back."""

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import report
import stage
from pages import images_of, rows, wait_count

SMALL = report.Size(accounts=6, images=60, vulnerabilities=60, days=10)


def test_a_blocked_account_says_what_would_mend_it(page: Any, dashboard: stage.Dashboard, files: dict[str, Any]) -> None:
    accounts = files["index.json"]["accounts"]
    denied = next(each for each in accounts if each["obstacle"] and each["obstacle"]["state"] == "access_denied")
    page.goto(f"{dashboard.url}/#/images?by=repository&account={denied['id']}")
    page.get_by_role("heading", name="Access denied").wait_for()
    assert "let its trust policy name the fleet" in page.locator(".state").inner_text()
    partly = next(each for each in accounts if any(region["obstacle"] for region in each["regions"]))
    page.goto(f"{dashboard.url}/#/images")
    row = rows(page).filter(has_text=partly["id"])
    assert row.get_by_text("1 unseen").get_attribute("title").startswith("Access denied: DescribeRepositories")


def test_numbers_follow_the_chosen_region(page: Any, dashboard: stage.Dashboard, files: dict[str, Any]) -> None:
    region = report.REGIONS[0]
    account = next(each for each in files["index.json"]["accounts"] if each["images"])
    here = next(each for each in account["regions"] if each["region"] == region)
    page.goto(f"{dashboard.url}/#/images?by=account&region={region}")
    row = rows(page).filter(has_text=account["id"])
    assert row.locator(".c-images").inner_text() == str(here["images"])
    assert row.locator(".c-regions").inner_text() == "1"
    row.get_by_role("link").click()
    wait_count(page, len(here["repositories"]))
    assert f"region={region}" in page.url
    judged = sum(each["judged"] for each in account["regions"] if each["region"] == region)
    page.goto(f"{dashboard.url}/#/coverage?account={account['id']}&region={region}")
    page.get_by_text(f"of {here['images']} images judged").wait_for()
    assert judged == here["images"] or f"{here['images'] - judged} could not be" in page.locator(".lead").inner_text()


def test_places_are_sorted_and_a_new_order_begins_at_its_top(
    page: Any, dashboard: stage.Dashboard, files: dict[str, Any]
) -> None:
    page.goto(f"{dashboard.url}/#/images?by=repository")
    rows(page).first.wait_for()
    page.locator(".scroller").evaluate("each => { each.scrollTop = 600 }")
    page.get_by_role("link", name="Images", exact=True).last.click()
    page.wait_for_function("() => document.querySelector('[aria-sort=descending]')?.textContent === 'Images'")
    most = max(
        repository["images"]
        for account in files["index.json"]["accounts"]
        for region in account["regions"]
        for repository in region["repositories"]
    )
    assert page.locator(".scroller").evaluate("each => each.scrollTop") == 0
    assert rows(page).first.locator(".c-images").inner_text() == str(most)
    page.locator(".thead").get_by_role("link", name="Repository").click()
    page.wait_for_function("() => document.querySelector('[aria-sort=ascending]')")


def test_a_new_order_is_drawn_at_its_top_at_once(page: Any, dashboard: stage.Dashboard) -> None:
    page.goto(f"{dashboard.url}/#/images?by=repository")
    rows(page).first.wait_for()
    page.locator(".scroller").evaluate("each => { each.scrollTop = 600 }")
    page.locator("[data-row='0']").wait_for(state="detached")
    # Every state that the page draws is seen by an observer, before the browser tells that it scrolled.
    page.evaluate(
        """() => {
            window.incomplete = 0;
            const scroller = document.querySelector('.scroller');
            new MutationObserver(() => {
                if (!scroller.scrollTop && !scroller.querySelector('[data-row="0"]')) window.incomplete += 1;
            }).observe(scroller, {subtree: true, childList: true, attributes: true});
        }"""
    )
    page.locator(".thead").get_by_role("link", name="Images", exact=True).click()
    page.locator("[data-row='0']").wait_for()
    assert page.evaluate("window.incomplete") == 0


def test_narrow_screens_can_sort_too(open_page: Any, dashboard: stage.Dashboard) -> None:
    page = open_page(viewport={"width": 360, "height": 800}).page
    page.goto(f"{dashboard.url}/#/vulnerabilities")
    rows(page).first.wait_for()
    page.get_by_label("Sorted by").select_option("images")
    page.wait_for_url(re.compile("sort=images"))


def test_the_action_stands_in_the_address_and_beside_each_gap(open_page: Any, dashboard: stage.Dashboard) -> None:
    page = open_page(viewport={"width": 360, "height": 800}).page
    page.goto(f"{dashboard.url}/#/coverage?action=access_denied:ecr:DescribeRepositories")
    wait_count(page, 1)
    action = "Allow ecr:DescribeRepositories to the member role"
    assert action in rows(page).first.locator(".action").inner_text()
    assert page.locator(".group p", has_text=action).is_visible()


def test_closing_a_detail_returns_to_its_row(page: Any, dashboard: stage.Dashboard) -> None:
    page.goto(f"{dashboard.url}/#/vulnerabilities")
    rows(page).first.wait_for()
    page.locator(".scroller").evaluate("each => { each.scrollTop = 4400 }")
    row = page.locator("[data-row='105'] a")
    name = row.inner_text()
    row.click()
    page.wait_for_selector(".detail")
    page.keyboard.press("?")
    page.keyboard.press("1")
    assert "#/vulnerabilities" in page.url, "keys work behind the dialog"
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    page.keyboard.press("Escape")
    page.wait_for_selector(".detail", state="detached")
    page.wait_for_function("name => document.activeElement.textContent === name", arg=name)


def test_a_filter_that_closes_a_detail_keeps_the_focus(
    page: Any, dashboard: stage.Dashboard, files: dict[str, Any]
) -> None:
    account = next(each for each in files["index.json"]["accounts"] if each["images"])
    page.goto(f"{dashboard.url}/#/images?by=image&account={account['id']}")
    rows(page).first.get_by_role("link").click()
    page.wait_for_selector(".detail")
    region = page.locator(".field", has_text="All regions").locator("select")
    region.focus()
    region.select_option(next(each["region"] for each in account["regions"] if each["images"]))
    page.wait_for_selector(".detail", state="detached")
    page.wait_for_timeout(300)
    assert region.evaluate("each => each === document.activeElement")


def test_days_are_the_reports_own_wherever_one_is(open_page: Any, shelf: Any) -> None:
    # Of a month that English and Python shorten alike: September they do not.
    now = datetime(2026, 11, 26, 12, tzinfo=timezone.utc)
    files = report.Generator(SMALL, now).files()
    days = files["history.json"]["days"]
    del days[-3:-1]
    shelf.publish(files)
    page = open_page(timezone_id="America/New_York").page
    page.goto(shelf.serve().url)
    shown = page.locator(".readout strong")
    shown.wait_for()
    assert shown.inner_text() == f"{now.day} {now:%b} {now.year}"
    before = now - timedelta(days=3)
    assert f"on {before.day} {before:%b} {before.year}" in page.locator(".figure.is-critical").inner_text()
    # Two shapes: what lies before the days that nobody recorded, and the last day.
    assert page.locator(".area.is-clean").get_attribute("d").count("M") == 2


def test_paper_is_light_and_says_what_it_is(open_page: Any, dashboard: stage.Dashboard) -> None:
    page = open_page(color_scheme="dark").page
    page.goto(f"{dashboard.url}/#/vulnerabilities?severity=high")
    rows(page).first.wait_for()
    page.wait_for_selector(".age")
    assert not page.locator(".print-head").is_visible()
    page.emulate_media(media="print")
    head = page.locator(".print-head")
    assert head.is_visible() and "Vulnerabilities · severity: high" in head.inner_text()
    assert re.search(r"report of \d+ \w+ \d{4}.*\d\d:\d\d", head.inner_text())
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--text')").strip() == "#17212d"


def test_the_newest_come_with_the_index(open_page: Any, shelf: Any) -> None:
    files = report.Generator(SMALL).files()
    shelf.publish(files)
    server = shelf.serve()
    page = open_page().page
    page.goto(server.url)
    page.wait_for_selector(".is-newest li, .is-newest p")
    page.wait_for_load_state("networkidle")
    assert not server.requests(path="/report/vulnerabilities.json")


def test_a_digest_elsewhere_is_among_what_was_read(page: Any, dashboard: stage.Dashboard, files: dict[str, Any]) -> None:
    file = next(name for name in files if "/" in name and files[name]["repositories"])
    repository = files[file]["repositories"][0]
    name = f"{file.removesuffix('.json')}/{repository['name']}@{repository['images'][0]['digest']}"
    page.goto(f"{dashboard.url}/#/images?by=image&account={file.split('/')[0]}&image={name.replace('/', '%2F')}")
    total = sum(1 for each in files if "/" in each and files[each]["repositories"])
    page.get_by_text(re.compile(rf"among \d+ of {total} registries read")).wait_for()
    page.locator(".elsewhere").get_by_role("button", name="Read all").click()
    page.get_by_text(f"among {total} of {total} registries read").wait_for()


# What the page says at any time of a list without rows.
WATCH_FOR_NOTHING = """addEventListener('DOMContentLoaded', () => {
    window.emptied = [];
    new MutationObserver(() => {
        const state = document.querySelector('.list .state');
        if (state) window.emptied.push(state.textContent);
    }).observe(document.body, {subtree: true, childList: true});
})"""


def test_a_list_is_not_called_empty_before_it_was_read(page: Any, dashboard: stage.Dashboard, files: dict[str, Any]) -> None:
    account, region = next(name for name in files if "/" in name and files[name]["repositories"])[:-5].split("/")
    page.add_init_script(WATCH_FOR_NOTHING)
    page.goto("about:blank")
    page.goto(f"{dashboard.url}/#/images?by=image&account={account}&region={region}")
    rows(page).first.wait_for()
    assert page.evaluate("window.emptied") == []


def test_a_list_of_which_nothing_could_be_read_is_not_called_empty(
    open_page: Any, dashboard: stage.Dashboard, files: dict[str, Any]
) -> None:
    watched = open_page()
    watched.expect("Failed to load resource")
    page = watched.page
    account, region = next(name for name in files if "/" in name and files[name]["repositories"])[:-5].split("/")
    page.add_init_script(WATCH_FOR_NOTHING)
    page.context.route(f"**/{account}/{region}.json", lambda route: route.fulfill(status=503))
    page.goto(f"{dashboard.url}/#/images?by=image&account={account}&region={region}")
    page.get_by_text("1 registry could not be read").wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate("window.emptied") == []


def test_another_account_shows_its_own_images_at_once(open_page: Any, shelf: Any) -> None:
    """With more images than are gathered at every file that comes in."""
    files = report.Generator(report.Size(accounts=4, images=6000, vulnerabilities=20, findings=2, days=2)).files()
    shelf.publish(files)
    page = open_page().page
    page.goto(f"{shelf.serve().url}/#/images?by=image")
    total = len({image["digest"] for _, _, image in images_of(files)})
    wait_count(page, total)
    account = next(each["id"] for each in files["index.json"]["accounts"] if each["images"])
    own = len({image["digest"] for name, _, image in images_of(files) if name.startswith(account)})
    shown = page.evaluate(
        """async account => {
            const drawn = new Promise((done) => addEventListener('hashchange', done, {once: true}));
            location.hash = `#/images?by=image&account=${account}`;
            await drawn;
            return document.querySelector('.filter-end [role=status]').textContent;
        }""",
        account,
    )
    assert 0 < own < total and re.sub(r"\D", "", shown) == str(own)


def test_scans_that_could_not_be_started_are_a_gap_of_a_place_that_was_read(open_page: Any, shelf: Any) -> None:
    files = report.Generator(SMALL).files()
    regions = [region for account in files["index.json"]["accounts"] for region in account["regions"]]
    repository = next(each for region in regions for each in region["repositories"])
    reason = "StartImageScan is denied: not authorized to perform: ecr:StartImageScan"
    repository["scan_obstacle"] = {"state": "access_denied", "reason": reason, "at": None}
    repository["coverage"]["out_of_scope"] = 1
    repository["not_judged"].append(
        {"digest": "sha256:" + "e" * 64, "tags": ["old"], "state": "out_of_scope", "reason": None, "at": None}
    )
    shelf.publish(files)
    page = open_page().page
    server = shelf.serve()
    page.goto(f"{server.url}/#/coverage?q=StartImageScan")
    wait_count(page, 1)
    assert "Allow ecr:StartImageScan to the member role" in rows(page).first.inner_text()
    assert f"{files['index.json']['obstacles']} places could not be looked into" in page.locator(".lead").inner_text()
    page.goto(f"{server.url}/#/coverage?state=out_of_scope")
    # The row of before counts as one, too.
    rows(page).filter(has_text="Out of scope").first.wait_for()
    wait_count(page, 1)
    assert "by tag" in rows(page).first.inner_text()
