"""The product's settings on the embedded servers, which run as long as the tests do; mail stays in memory."""

import os
from datetime import timedelta

from cleanconnect.localstack import use_servers

use_servers()
os.environ["EMAIL_URL"] = "memorymail://"

from cleanconnect.settings import *  # noqa: E402, F403

DEFECTS_TOGETHER = timedelta()  # the worker of a test sends at once; the waiting itself is tried in quality/tests/test_customer_mails.py
