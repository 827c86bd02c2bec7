"""Real Chromium against a real server, with a real worker on the embedded Valkey."""

import os
import shutil
import time

import pytest
from celery.contrib.testing.worker import start_worker
from celery.signals import setup_logging
from django.db import connection

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
    _leave(page)
    assert errors == []


UNDERWAY = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""


def _leave(page):
    """Close the pages and let the server finish what they asked: emptying the tables under a request that reads them is a deadlock."""
    for context in page.context.browser.contexts:
        for opened in context.pages:
            opened.close()
    quiet, until = 0, time.monotonic() + 10
    while quiet < 2 and time.monotonic() < until:
        time.sleep(0.05)
        with connection.cursor() as cursor:
            cursor.execute(UNDERWAY)
            quiet = 0 if cursor.fetchone()[0] else quiet + 1


@setup_logging.connect
def leave_the_log_alone(**kwargs):
    """A worker sets up the log of its process, unless somebody says not to: here that is the log of all tests that follow."""


@pytest.fixture
def worker(site, settings):
    """A Celery worker that takes what the server queues."""
    from cleanconnect.celery import app

    app.control.purge()
    with start_worker(app, pool="threads", concurrency=1, perform_ping_check=False, shutdown_timeout=20):
        yield app
