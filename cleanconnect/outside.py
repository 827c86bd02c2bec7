"""Asking other people's services something while a person waits: never longer than a few seconds, and any trouble is one exception."""

import json
import time

import httpx

TIME_LIMIT = 3  # seconds, for all of it
MAX_BYTES = 1_000_000


class Unavailable(Exception):
    """The service did not answer in time, or not with what it promises."""


def get_json(url, params, headers=None):
    """The JSON that a service answers to a GET; raises `Unavailable` for anything else than a 200 with JSON within the limits."""
    ends_at = time.monotonic() + TIME_LIMIT
    data = b""
    try:
        with (
            httpx.Client(timeout=TIME_LIMIT, headers=headers, trust_env=False) as client,
            client.stream("GET", url, params=params) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise Unavailable(f"answered {response.status_code}")
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > MAX_BYTES or time.monotonic() > ends_at:
                    raise Unavailable("too large or too slow")
        return json.loads(data)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise Unavailable(str(error)) from error
