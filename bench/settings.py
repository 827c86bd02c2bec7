"""The product's settings for the measured server: as in production, but on plain HTTP and without mail."""

import os

os.environ.setdefault("EMAIL_URL", "dummymail://")

from cleanconnect.settings import *  # noqa: F403
from cleanconnect.settings import MIDDLEWARE

ROOT_URLCONF = "bench.urls"
if os.environ.get("BENCH_BARE"):  # what Django itself needs for a session and a login, and nothing of ours
    NEEDED = ("django.contrib.sessions", "django.contrib.auth.middleware.Auth", "django.middleware.c", "allauth.account")
    MIDDLEWARE = [name for name in MIDDLEWARE if name.startswith(NEEDED)]
