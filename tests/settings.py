"""The product's settings on the embedded servers, which run as long as the tests do; mail stays in memory."""

import os

from cleanconnect.localstack import servers

_servers = servers()
_servers.__enter__()
os.environ["EMAIL_URL"] = "memorymail://"

from cleanconnect.settings import *  # noqa: E402, F403
