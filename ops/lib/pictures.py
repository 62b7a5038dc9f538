"""Photographs the demo's dashboard and one of its chat messages, light and dark.

usage: pictures.py DASHBOARD SIMULATOR FOLDER
Writes overview-light.png, overview-dark.png, message-light.png and message-dark.png into FOLDER.
"""

import html
import json
import pathlib
import sys
import urllib.request

from playwright.sync_api import sync_playwright

CARD = """<!doctype html><meta charset="utf-8"><style>
:root { color-scheme: light dark; --page: #fff; --text: #1d1c1d; --soft: #616061 }
@media (prefers-color-scheme: dark) { :root { --page: #1a1d21; --text: #d1d2d3; --soft: #9a9b9d } }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.46 "DejaVu Sans", sans-serif }
article { display: grid; grid-template-columns: 40px 1fr; gap: 10px; padding: 16px 20px }
b.face { width: 40px; height: 40px; border-radius: 8px; background: #2f6f9f; color: #fff; display: grid; place-items: center }
header span { color: var(--soft); font-size: 12px; margin-left: 6px }
p { margin: 2px 0 0; white-space: pre-wrap; overflow-wrap: anywhere }
</style><article><b class="face">sf</b><div><header><b>scanfleet</b><span>#security</span></header><p>%s</p></div></article>"""


def message(simulator: str) -> str:
    """The shortest message of the demo that names a vulnerability, at most twenty lines of it."""
    with urllib.request.urlopen(simulator + "/_hubot", timeout=60) as answer:
        texts = [entry["body"]["message"] for entry in json.load(answer)["messages"]]
    named = [text for text in texts if "CVE-" in text]
    if not named:
        sys.exit(f"none of the demo's {len(texts)} messages names a vulnerability")
    return "\n".join(min(named, key=len).split("\n")[:20])


def main() -> None:
    dashboard, simulator, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    card = CARD % html.escape(message(simulator))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            page = chromium.new_page(color_scheme=scheme, viewport={"width": 1280, "height": 800})
            page.goto(dashboard, wait_until="networkidle")
            page.screenshot(path=folder / f"overview-{scheme}.png")
            page = chromium.new_page(color_scheme=scheme, viewport={"width": 720, "height": 200})
            page.set_content(card)
            page.screenshot(path=folder / f"message-{scheme}.png", full_page=True)
        chromium.close()


main()
