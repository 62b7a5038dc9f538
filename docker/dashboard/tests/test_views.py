"""Every view in a real browser: what it shows, finds, filters, links to, copies, downloads."""

import re
from collections import Counter
from typing import Any
from urllib.parse import quote

import stage
from pages import WORST, download, images_of, rows, wait_count


def test_the_overview_tells_the_state_of_the_fleet(
    page: Any, files: dict[str, Any], vulnerabilities: dict[str, Any]
) -> None:
    index, today = files["index.json"], files["history.json"]["days"][-1]
    page.wait_for_selector(".figure.is-critical")
    figures = page.locator(".figure-value").all_inner_texts()
    assert figures[0] == str(today["images"]["critical"]) and figures[1] == str(today["images"]["high"])
    seen = page.locator(".figure").last
    assert seen.inner_text().endswith(f"{index['judged']} of {index['images']}, {index['obstacles']} places unseen")
    assert "is-high" in seen.get_attribute("class")
    newest = [
        name
        for name, entry in sorted(vulnerabilities.items(), key=lambda item: item[1]["first_seen"], reverse=True)
        if entry["severity"] == "CRITICAL"
    ]
    page.wait_for_selector(".is-newest li")
    assert page.locator(".is-newest strong").all_inner_texts()[:8] == newest[:8]
    assert page.locator("figure svg").get_attribute("aria-label").startswith("30 days.")
    page.get_by_role("link", name="90 days").click()
    page.wait_for_function(
        "() => document.querySelector('figure svg').getAttribute('aria-label').startsWith('60 days')"
    )
    assert "days=90" in page.url
    page.get_by_text("could not be looked into at all").click()
    assert page.url.endswith("#/coverage?level=place")


def test_vulnerabilities_are_searched_and_filtered(
    page: Any, dashboard: stage.Dashboard, vulnerabilities: dict[str, Any]
) -> None:
    page.goto(f"{dashboard.url}/#/vulnerabilities")
    wait_count(page, len(vulnerabilities))
    severities = Counter(entry["severity"] for entry in vulnerabilities.values())
    assert page.locator(".chip-count").all_inner_texts()[:4] == [str(severities[word]) for word in WORST]
    assert rows(page).first.locator(".badge").inner_text() == "Critical"

    page.get_by_role("button", name=re.compile("^High")).click()
    wait_count(page, severities["HIGH"])
    assert "severity=high" in page.url
    page.get_by_label("Fix").select_option("available")
    wait_count(
        page, sum(entry["severity"] == "HIGH" and entry["fixable_images"] > 0 for entry in vulnerabilities.values())
    )
    page.go_back()
    wait_count(page, severities["HIGH"])
    page.go_back()
    wait_count(page, len(vulnerabilities))

    page.get_by_role("searchbox").fill("OpenSSL")
    wait_count(
        page,
        sum(
            "openssl" in f"{entry['packages']} {entry['title']} {entry['description']}".lower()
            for entry in vulnerabilities.values()
        ),
    )
    page.wait_for_function("() => location.hash.includes('q=OpenSSL')")
    page.get_by_role("searchbox").fill("CVE overflow buffer")
    both = [
        entry
        for entry in vulnerabilities.values()
        if all(word in f"{entry['title']} {entry['description']}".lower() for word in ("overflow", "buffer"))
    ]
    wait_count(page, len(both))
    page.get_by_role("searchbox").fill("nothing has this")
    page.wait_for_selector("text=Nothing matches")
    page.get_by_role("link", name="Clear the filters").click()
    wait_count(page, len(vulnerabilities))


def test_places_narrow_the_vulnerabilities(
    page: Any, dashboard: stage.Dashboard, files: dict[str, Any], vulnerabilities: dict[str, Any]
) -> None:
    registries = files["vulnerabilities.json"]["registries"]
    account, region = registries[0].split("/")
    page.goto(f"{dashboard.url}/#/vulnerabilities?account={account}&region={region}")
    inside = {name: dict(map(tuple, entry["places"])) for name, entry in vulnerabilities.items()}
    here = {name: places[0] for name, places in inside.items() if 0 in places}
    wait_count(page, len(here))
    table = download(page)
    assert {row["Vulnerability"]: int(row["Images"]) for row in table} == here


def test_a_vulnerability_lists_every_affected_image_once(
    page: Any, dashboard: stage.Dashboard, files: dict[str, Any], vulnerabilities: dict[str, Any]
) -> None:
    digests = Counter(image["digest"] for _, _, image in images_of(files))
    twice = next(
        digest
        for digest, count in digests.items()
        if count > 1 and any(image["digest"] == digest and image["findings"] for _, _, image in images_of(files))
    )
    name = next(image["findings"][0][0] for _, _, image in images_of(files) if image["digest"] == twice)
    affected = [
        (place, repository, image["digest"])
        for place, repository, image in images_of(files)
        if any(row[0] == name for row in image["findings"])
    ]
    page.goto(f"{dashboard.url}/#/vulnerabilities?id={name}")
    page.wait_for_selector(".affected-images h3 .muted")
    detail = page.locator(".detail")
    if detail.get_by_role("button", name="Read all").count():
        detail.get_by_role("button", name="Read all").click()
        page.wait_for_function(
            "() => /places?$/.test(document.querySelector('.affected-images h3 .muted')?.textContent)"
        )
    digests = len({digest for *_, digest in affected})
    amount = page.locator(".affected-images h3 .muted").inner_text().replace("digests", "digest").strip()
    assert amount == f"{digests} digest in {len(affected)} places"
    assert detail.locator("h2").inner_text() == name and page.title().startswith(name)
    assert vulnerabilities[name]["description"] is None or vulnerabilities[name]["description"] in detail.inner_text()
    assert detail.get_by_text(re.compile(r"in \d places")).count() >= 1
    table = download(page, "Download the affected images as CSV")
    assert sorted(
        (f"{row['Account']}/{row['Region']}.json", row["Repository"], row["Digest"]) for row in table
    ) == sorted(affected)
    detail.locator("a.place").first.click()
    page.wait_for_selector(".t-findings [data-row]")
    assert page.url.startswith(f"{dashboard.url}/#/images?by=image")


def test_images_are_reached_step_by_step(page: Any, dashboard: stage.Dashboard, files: dict[str, Any]) -> None:
    page.goto(f"{dashboard.url}/#/images")
    wait_count(page, len(files["index.json"]["accounts"]))
    account = next(account for account in files["index.json"]["accounts"] if account["images"])
    page.get_by_role("link", name=re.compile(account["id"])).first.click()
    wait_count(page, sum(len(region["repositories"]) for region in account["regions"]))
    name = rows(page).first.locator(".name").inner_text()
    repository = next(
        repository
        for region in account["regions"]
        for repository in region["repositories"]
        if repository["name"] == name
    )
    rows(page).first.locator("a").click()
    wait_count(page, repository["images"])
    rows(page).first.locator("a").click()
    page.wait_for_selector(".detail .facts")
    findings = max(
        (image["findings"] for _, each, image in images_of(files) if each == name),
        key=lambda f: [sum(row[1] == word for row in f) for word in WORST],
    )
    page.wait_for_selector(f".detail h3:has-text('{len(findings)} finding')")
    page.keyboard.press("Escape")
    page.wait_for_selector(".detail", state="detached")
    page.go_back(), page.go_back(), page.go_back(), page.go_back()
    wait_count(page, len(files["index.json"]["accounts"]))


def test_a_deep_link_opens_an_image_with_its_findings_in_order(
    page: Any, dashboard: stage.Dashboard, files: dict[str, Any]
) -> None:
    file, repository, image = max(images_of(files), key=lambda entry: len(entry[2]["findings"]))
    name = quote(f"{file.removesuffix('.json')}/{repository}@{image['digest']}", safe="")
    page.goto(f"{dashboard.url}/#/images?image={name}")
    page.wait_for_selector(".t-findings [data-row]")
    table = download(page, "Download the findings as CSV")
    rank = {"CRITICAL": 0, "HIGH": 1, "MEDIUM": 2, "LOW": 3}
    expected = sorted(image["findings"], key=lambda row: (rank.get(row[1], 4), row[2], row[3], row[0]))
    assert [
        (row["Vulnerability"], row["Severity"], row["Package"], row["Version"], row["Fixed in"]) for row in table
    ] == [(r[0], r[1], r[2], r[3], r[4] or "") for r in expected]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=re.compile("^Copy digest")).click()
    page.wait_for_selector("text=Copied")
    assert page.evaluate("navigator.clipboard.readText()") == image["digest"]


def test_an_image_that_is_not_judged_shows_what_was_known_last(
    page: Any, dashboard: stage.Dashboard, files: dict[str, Any]
) -> None:
    file, repository, image = next(entry for entry in images_of(files) if entry[2].get("last_known"))
    name = quote(f"{file.removesuffix('.json')}/{repository}@{image['digest']}", safe="")
    page.goto(f"{dashboard.url}/#/images?image={name}")
    page.get_by_text("1 last known finding").wait_for()
    page.get_by_text("Not judged:").wait_for()


def test_images_are_filtered_by_state_severity_and_text(
    page: Any, dashboard: stage.Dashboard, files: dict[str, Any]
) -> None:
    account = next(account for account in files["index.json"]["accounts"] if account["images"])["id"]
    own = {
        image["digest"]: (repository, image) for file, repository, image in images_of(files) if file.startswith(account)
    }
    page.goto(f"{dashboard.url}/#/images?by=image&account={account}")
    wait_count(page, len(own))
    for state, test in {
        "clean": lambda image: image["coverage"]["state"] == "scanned" and not image["findings"],
        "not_judged": lambda image: image["coverage"]["state"] != "scanned",
    }.items():
        page.get_by_label("State").select_option(state)
        wait_count(page, sum(test(image) for _, image in own.values()))
    page.get_by_label("State").select_option("")
    page.get_by_role("button", name=re.compile("^Critical")).click()
    wait_count(page, sum(any(row[1] == "CRITICAL" for row in image["findings"]) for _, image in own.values()))
    page.get_by_role("button", name=re.compile("^Critical")).click()
    digest = next(iter(own))
    page.get_by_role("searchbox").fill(digest[7:30])
    wait_count(page, 1)
    assert download(page)[0]["Digest"] == digest


def test_coverage_names_every_gap_and_what_would_mend_it(
    page: Any, dashboard: stage.Dashboard, files: dict[str, Any]
) -> None:
    page.goto(f"{dashboard.url}/#/coverage")
    page.wait_for_selector(".groups")
    index = files["index.json"]
    regions = [region for account in index["accounts"] for region in account["regions"]]
    repositories = [repository for region in regions for repository in region["repositories"]]
    gaps = (
        sum(len(each["not_judged"]) + (each["images_beyond_limit"] > 0) for each in repositories) + index["obstacles"]
    )
    wait_count(page, gaps)
    text = page.locator(".groups").inner_text()
    assert "Allow ecr:DescribeRepositories to the member role" in text and "sts:AssumeRole" in text
    page.locator(".group-head", has_text="Never scanned").click()
    wait_count(page, index["coverage"].get("never_scanned", 0))
    assert "action=never_scanned" in page.url
    table = download(page)
    assert {row["State"] for row in table} == {"never_scanned"} and all(row["What would mend it"] for row in table)
    rows(page).first.locator("a").click()
    page.wait_for_selector(".detail .notice:has-text('Not judged')")
