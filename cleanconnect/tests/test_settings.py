"""What production refuses, read by a process that starts with these settings."""

import os
import subprocess
import sys

import pytest

from .house import BASE_DIR, NAMED_ELSEWHERE

SAFE = {
    "PRODUCTION": "true",
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "app.example.nl",
    "DATABASE_URL": "postgres://cleanconnect_app@db.example.nl/cleanconnect",
    "DATABASE_OWNER_URL": "postgres://cleanconnect_owner@db.example.nl/cleanconnect",
    "REDIS_URL": "redis://queue.example.nl/0",
    "EMAIL_URL": "smtp+tls://user:word@mail.example.nl:587",
    "SITE_URL": "https://app.example.nl",
}


def start(**changes):
    """Load the settings with these changes in the environment (None: not there); returns the last line of what it says."""
    kept = {name: value for name, value in os.environ.items() if name not in NAMED_ELSEWHERE}
    environment = {name: value for name, value in (kept | SAFE | changes).items() if value is not None}
    shown = "import cleanconnect.settings as s; print(s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.DEBUG, s.MAIL_STAYS_LOCAL)"
    done = subprocess.run([sys.executable, "-c", shown], cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().splitlines()[-1]


def test_production_starts_with_everything_named():
    assert start() == "True True False False"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"DEBUG": "true"}, "DEBUG"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"EMAIL_URL": None}, "EMAIL_URL"),
        ({"DATABASE_OWNER_URL": None}, "DATABASE_OWNER_URL"),
        ({"DATABASE_OWNER_URL": SAFE["DATABASE_URL"]}, "DATABASE_OWNER_URL"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"REDIS_URL": None}, "REDIS_URL"),
        ({"SITE_URL": None}, "SITE_URL"),
        ({"SITE_URL": "http://app.example.nl"}, "SITE_URL"),
    ],
)
def test_production_refuses(changes, message):
    said = start(**changes)

    assert said.startswith("django.core.exceptions.ImproperlyConfigured: PRODUCTION")
    assert message in said


def test_a_laptop_needs_nothing_in_its_environment():
    nothing = dict.fromkeys(SAFE)

    assert start(**nothing).startswith("AttributeError")  # no secure cookies
