"""A browser and the application, for what only a browser shows."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.bootstrap import Engine
from tests.web.serving import serving, slow, unclosable

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.enable_socket)


# Playwright keeps an event loop running in this thread: it must not outlive the package
@pytest.fixture(scope="package")
def browser() -> Iterator:
    missing = None if CHROMIUM.exists() else f"{CHROMIUM} is missing: apt-get install chromium"
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing = "playwright is missing: pip install -e .[dev]"
    if missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the application of ``address`` keeps what it is told."""
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="package")
def address(engine: Engine, kept: Path) -> Iterator[str]:
    with serving(kept, lambda _: unclosable(engine)) as url:
        yield url


@pytest.fixture(scope="package")
def slow_address(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("slow"), lambda _: slow(engine, 1.5)) as url:
        yield url


@pytest.fixture
def open_page(browser) -> Iterator[Callable]:
    """Opens a page in a context of its own; fails on any script error or refused resource."""
    contexts = []
    problems: list[str] = []

    def opened(width: int = 1280, height: int = 900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda message: (
                problems.append(message.text)
                if message.type == "error" and "404" not in message.text
                else None
            ),
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []
