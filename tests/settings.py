"""The product's settings on the embedded servers, which run as long as the tests do; mail stays in memory."""

import os

from cleanconnect.localstack import use_servers

use_servers()
os.environ["EMAIL_URL"] = "memorymail://"

from cleanconnect.settings import *  # noqa: E402, F403

DEFECTS_TOGETHER *= 0  # noqa: F405  (a test waits for nobody; what it does is tried where it is set)
