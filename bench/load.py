"""A bounded number of requests from a few threads to a server on this machine, and what they took."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

import httpx


@dataclass
class Figures:
    """Requests per second, and the median and 95th percentile of their time in milliseconds."""

    per_second: float
    p50: float
    p95: float


def measure(base, cookies, requests, *, seconds=6, threads=2, expect=(200, 302)):
    """Send what `requests` (an endless iterator of httpx arguments) gives for some seconds, at most 20,000 of them."""
    taken, lock = [], Lock()
    end = time.perf_counter() + seconds

    def work():
        with httpx.Client(base_url=base, cookies=cookies, timeout=30) as client:
            while time.perf_counter() < end and len(taken) < 20_000:
                with lock:
                    arguments = next(requests)
                started = time.perf_counter()
                response = client.request(**arguments)
                passed = time.perf_counter() - started
                if response.status_code not in expect:
                    raise RuntimeError(f"{arguments} answered {response.status_code}")
                taken.append(passed * 1000)

    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        for job in [pool.submit(work) for _ in range(threads)]:
            job.result()
    passed = time.perf_counter() - started
    return Figures(len(taken) / passed, statistics.median(taken), statistics.quantiles(taken, n=20)[-1])
