"""The product's settings on the embedded servers, which run as long as the tests do; mail stays in memory."""

import os
from datetime import timedelta

from cleanconnect.localstack import use_servers

use_servers()
os.environ["EMAIL_URL"] = "memorymail://"
if worker := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw"):  # tests that run side by side have a queue each
    os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{int(worker) + 1}"

from cleanconnect.settings import *  # noqa: E402, F403

DEFECTS_TOGETHER = timedelta()  # the worker of a test sends at once; the waiting itself is tried in quality/tests/test_customer_mails.py
PIN_ROUNDS = 1000
TEMPLATES[0]["OPTIONS"]["strict"] = True  # noqa: F405
