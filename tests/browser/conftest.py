"""Real Chromium against a real server, with a real worker on the embedded Valkey."""

import os
import shutil

import pytest
from celery.contrib.testing.worker import start_worker

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in the thread of the test


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return browser_type_launch_args | {"executable_path": shutil.which("chromium"), "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "nl-NL", "timezone_id": "Europe/Amsterdam", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def site(live_server, settings, page):
    """The address of the running product; the browser may not log an error on any page."""
    settings.SITE_URL = live_server.url
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None)
    page.set_default_timeout(10_000)
    yield live_server.url
    assert errors == []


@pytest.fixture
def worker(site, settings):
    """A Celery worker that takes what the server queues."""
    from cleanconnect.celery import app

    app.control.purge()
    with start_worker(app, pool="threads", concurrency=1, perform_ping_check=False, shutdown_timeout=20):
        yield app
