"""Keys, colours, dates and paper: what holds in every view."""

import re
from typing import Any

import pytest
import stage
from pages import rows, wait_count


def test_the_keyboard_is_enough(page: Any, dashboard: stage.Dashboard, vulnerabilities: dict[str, Any]) -> None:
    page.keyboard.press("2")
    wait_count(page, len(vulnerabilities))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("cve")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('[data-row]').dataset.row") == "2"
    page.keyboard.press("End")
    page.wait_for_function(
        "n => document.activeElement.closest('[data-row]')?.dataset.row === String(n)", arg=len(vulnerabilities) - 1
    )
    outline = page.evaluate("getComputedStyle(document.activeElement, '::after').outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector(".detail")
    page.wait_for_function("() => document.activeElement.closest('.detail')")
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.closest('.row')")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    page.keyboard.press("3")
    page.wait_for_selector(".t-accounts")


@pytest.mark.parametrize(
    ("click", "part"), [(".chip", "severity=critical"), ("a[href*='sort=pushed']", "sort=pushed")]
)
def test_a_key_right_after_a_click_is_not_lost(
    page: Any, dashboard: stage.Dashboard, files: dict[str, Any], click: str, part: str
) -> None:
    """Both in one task of the page, before it hears that its address changed."""
    account = next(account for account in files["index.json"]["accounts"] if account["images"])["id"]
    page.goto(f"{dashboard.url}/#/images?by=image&account={account}")
    page.wait_for_selector("[data-row]")
    page.evaluate(
        """click => {
            document.querySelector(click).click();
            const search = document.querySelector('[data-search]');
            search.value = 'nothing has this name';
            search.dispatchEvent(new Event('input', {bubbles: true}));
        }""",
        click,
    )
    wait_count(page, 0)
    assert page.locator("[data-search]").input_value() == "nothing has this name"
    page.wait_for_function("() => location.hash.includes('nothing')")
    assert part in page.url
    page.go_back()
    page.wait_for_function("part => !location.hash.includes(part)", arg=part)
    page.wait_for_selector("[data-row]")


def test_colours_follow_the_system_and_the_choice_stays(open_page: Any, dashboard: stage.Dashboard) -> None:
    page = open_page(color_scheme="dark").page
    page.goto(dashboard.url)
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(14, 20, 27)"
    page.get_by_role("button", name="Use light colours").click()
    assert page.evaluate(ground) == "rgb(244, 246, 249)"
    page.reload()
    page.get_by_role("button", name="Use dark colours").wait_for()
    assert page.evaluate(ground) == "rgb(244, 246, 249)"


def test_dates_have_their_zone_and_lists_can_be_printed(
    page: Any, dashboard: stage.Dashboard, files: dict[str, Any], vulnerabilities: dict[str, Any]
) -> None:
    page.goto(f"{dashboard.url}/#/vulnerabilities?id={next(iter(vulnerabilities))}")
    assert re.search(r"\d{2}:\d{2} (CET|CEST|GMT\+[12])", page.locator(".detail .facts").inner_text())
    page.goto(f"{dashboard.url}/#/vulnerabilities")
    wait_count(page, len(vulnerabilities))
    assert rows(page).count() < 60
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function("n => document.querySelectorAll('[data-row]').length === n", arg=len(vulnerabilities))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
