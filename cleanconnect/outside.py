"""Asking other people's services something while a person waits: never longer than a few seconds, and any trouble is one exception."""

import json
import time

import httpx

TIME_LIMIT = 3  # seconds, for all of it
MAX_BYTES = 1_000_000


class Unavailable(Exception):
    """The service did not answer in time, or not with what it promises; `status` is that of its answer, None without one."""

    def __init__(self, reason, status=None):
        super().__init__(reason)
        self.status = status


def get_json(url, params=None, headers=None):
    """The JSON that a service answers to a GET; raises `Unavailable` for anything else than a 200 with JSON within the limits."""
    return _ask("GET", url, httpx.codes.OK, headers, params=params)


def post_json(url, body, headers=None):
    """The JSON with which a service answers that it made what was posted (201); raises `Unavailable`, also when it may have made it."""
    return _ask("POST", url, httpx.codes.CREATED, headers, json=body)


def _ask(method, url, expected, headers, **request):
    ends_at = time.monotonic() + TIME_LIMIT
    data = b""
    try:
        with (
            httpx.Client(timeout=TIME_LIMIT, headers=headers, trust_env=False) as client,
            client.stream(method, url, **request) as response,
        ):
            if response.status_code != expected:
                raise Unavailable(f"answered {response.status_code}", response.status_code)
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > MAX_BYTES or time.monotonic() > ends_at:
                    raise Unavailable("too large or too slow")
        return json.loads(data)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise Unavailable(str(error)) from error
