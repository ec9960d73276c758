"""`make screenshots`: takes every picture of the guide again, from a demonstration of its own."""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.progress import track

from docs.pictures.camera import ARGUMENTS, IMAGES, Camera
from docs.pictures.site import HOST, picture_site
from docs.pictures.stories import STORIES
from local.processes import LocalError, StopRequested
from local.system import find_browser


def main() -> int:
    console = Console(stderr=True)
    try:
        names = take_pictures(console)
    except StopRequested:
        return 130
    except LocalError as problem:
        console.print(str(problem), style="red", markup=False)
        return 1
    for stale in IMAGES.glob("*.png"):
        if stale.stem not in names:
            stale.unlink()
    console.print(f"{len(names)} pictures in docs/guide/images")
    return 0


def take_pictures(console: Console) -> set[str]:
    """Play every story; return the names of the pictures taken."""
    program = find_browser()
    if program is None:
        raise LocalError("Chrome or Chromium is needed: make test installs it, or says how.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with picture_site(console) as site, sync_playwright() as playwright:
        rule = f"--host-resolver-rules=MAP {HOST}:80 127.0.0.1:{site.port}"
        browser = playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS, rule])
        camera = Camera(browser, site)
        for tell in track(STORIES, "Pictures", console=console, transient=True):
            tell(camera)
        browser.close()
    return camera.taken


if __name__ == "__main__":
    sys.exit(main())
