"""What the tests read of a page and of the report behind it."""

import csv
import io
from typing import Any

WORST = ["CRITICAL", "HIGH", "MEDIUM", "LOW"]


def rows(page: Any) -> Any:
    return page.locator("[data-row]")


def wait_count(page: Any, expected: int) -> None:
    page.wait_for_function(
        "n => document.querySelector('.filter-end [role=status]')?.textContent.replace(/\\D/g, '') === String(n)",
        arg=expected,
    )


def download(page: Any, name: str = "Download what is shown as CSV") -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    text = open(waiting.value.path(), encoding="utf-8-sig", newline="").read()
    return list(csv.DictReader(io.StringIO(text)))


def images_of(files: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (name, repository["name"], image)
        for name, file in files.items()
        if "/" in name
        for repository in file["repositories"]
        for image in repository["images"]
    ]
