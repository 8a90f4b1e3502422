"""A real browser on a real server: Debian's chromium, driven by Playwright, on loopback."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.browser import PASSWORD
from tests.journeys.guide import Guide
from tests.journeys.inventory import speak

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is there.

The shell draws no frame around the page: a new window takes a third of the time.
"""
ARGUMENTS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextmanager
def launched() -> Iterator[Browser | None]:
    """A browser of this machine; None when there is none."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        if browser is None:
            if os.environ.get("CI"):
                pytest.fail("CI needs a browser: apt-get install chromium-headless-shell")
            pytest.skip(
                "no browser on this machine (Debian: apt-get install chromium-headless-shell)"
            )
        yield browser


def serve(app: Flask) -> Iterator[str]:
    """Serve `app` on a free port until the generator is closed; yields its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    yield from serve(app)


@pytest.fixture
def person(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Somebody at a window of their own, signed in: person("ina"), person("lia", width=360, language="en").

    `worker` lets the service worker in; without it, requests are seen as the page makes them.
    """
    contexts = []

    def sit_down(
        who: str, *, width: int = 1280, language: str = "id", worker: bool = False
    ) -> Page:
        context = chromium.new_context(
            base_url=address,
            viewport={"width": width, "height": 800},
            service_workers="allow" if worker else "block",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto("/login")
        page.fill("#email", f"{who}@contoh.example")
        page.fill("#password", PASSWORD)
        page.click("main button")
        speak(page, language)
        return page

    yield sit_down
    for context in contexts:
        context.close()


@pytest.fixture
def phone(chromium: Browser, address: str) -> Iterator[Callable[[], Page]]:
    """Ina's phone: 360 px, a touch screen, signed in, on her first page."""
    contexts = []

    def unlock() -> Page:
        context = chromium.new_context(
            base_url=address,
            viewport={"width": 360, "height": 640},
            has_touch=True,
            is_mobile=True,
            service_workers="block",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto("/login")
        page.fill("#email", "ina@contoh.example")
        page.fill("#password", PASSWORD)
        page.click("main button")
        page.wait_for_url("**/field")
        return page

    yield unlock
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def demo_address(province: Flask) -> Iterator[str]:
    yield from serve(province)


@pytest.fixture
def guide(pytestconfig: pytest.Config) -> Callable[[str, str, str], Guide]:
    def begin(name: str, title: str, about: str) -> Guide:
        return Guide(name, title, about, writing=pytestconfig.getoption("--guide"))

    return begin
