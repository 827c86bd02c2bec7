"""`python -m bench`: work orders of a company with 2,000 and one with 200,000, among a thousand companies, next to a bare Django view.

Fills a scratch database on the embedded PostgreSQL and drops it afterwards. Figures of two runs compare only as ratios.
"""

import argparse
import itertools
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date, timedelta

import httpx

from cleanconnect.localstack import BASE_DIR, use_servers

DATABASE = "bench_cleanconnect"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, nargs="+", default=[2_000, 200_000], help="a company for each number of orders")
    parser.add_argument("--companies", type=int, default=1000, help="in the database; the others are copies of the first")
    parser.add_argument("--pages", default="", help="only those whose name has this regular expression, and no bulk work")
    parser.add_argument("--seconds", type=float, default=6, help="how long each page is asked for")
    parser.add_argument("--month-end", action="store_true", help="only the invoices of a month")
    options = parser.parse_args()
    use_servers()
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ[name] = re.sub(r"[^/]+$", DATABASE, os.environ[name])
    import django

    django.setup()
    with scratch_database():
        print_month_end() if options.month_end else run(options)


@contextmanager
def scratch_database():
    from django.core.management import call_command
    from django.db import connection

    from cleanconnect.tenancy.roles import as_owner

    def without_database(sql):
        with as_owner(), connection._nodb_cursor() as cursor:
            cursor.execute(sql)

    without_database(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    without_database(f"CREATE DATABASE {DATABASE}")
    try:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        yield
    finally:
        connection.close()
        without_database(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def run(options):
    from django.db import connection

    from bench.filling import fill
    from bench.neighbours import settle
    from cleanconnect.tenancy.roles import as_owner

    companies = {}
    for orders in options.orders:
        started = time.perf_counter()
        companies[orders] = (f"bench{orders}", fill(f"bench{orders}", orders))
        print(f"filled a company with {orders:,} orders in {time.perf_counter() - started:.1f} s")
    started = time.perf_counter()
    first = companies[options.orders[0]][1]
    settle(first, options.companies - len(companies))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"copied it until there were {options.companies:,} companies in {time.perf_counter() - started:.1f} s")

    with server(bare=True) as base:
        cookies = log_in(base, companies[options.orders[0]][0], "/kaal/")
        bare = report("bare view", base, cookies, [{"method": "GET", "url": "/kaal/"}], options, counted=3)
    firsts = {}
    with server(bare=False) as base:
        for orders, (name, company) in companies.items():
            cookies = log_in(base, name, "/werkorders/overzicht/")
            for label, requests in pages(company, orders, cookies).items():
                if not re.search(options.pages, label):
                    continue
                figures = report(f"{label}, {orders:,} orders", base, cookies, requests, options, bare=bare, first=firsts.get(label))
                firsts.setdefault(label, figures)
    if not options.pages:
        print_bulk_work()
        print_month_end()


def print_month_end():
    """What month end takes; the smaller run is there to see that the larger is as fast for each invoice."""
    from bench.invoices import month_end

    for label, seconds in month_end():
        print(f"{label:<36} {seconds:7.2f} s", flush=True)


def print_bulk_work():
    """What a worker does in one go, in seconds and beside the fastest of them."""
    from bench.bulk import work

    first = None
    for label, seconds in work():
        first = first or seconds
        print(f"{label:<36} {seconds:7.1f} s  {seconds / first:6.2f} x the first", flush=True)


def pages(company, orders, cookies):
    """`{label: requests}`; each list of requests is gone through in turn."""
    from cleanconnect.tenancy import context
    from customers.models import Customer
    from services.models import Service
    from workorders.models import WorkOrder

    with context.company(company.pk):
        newest = list(WorkOrder.objects.order_by("-number").select_related("vehicle", "customer")[:50])
        services = list(Service.objects.values_list("pk", flat=True)[:2])
        customer = Customer.objects.first()
        vehicle_type = newest[0].vehicle.type_id
    order = {
        "customer_type": customer.type_id,
        "customer": customer.pk,
        "vehicle_type": vehicle_type,
        "plate": newest[0].vehicle.plate_shown,
        "country": "NL",
        "services": services,
        "status": "planned",
        "planned_on": "2030-01-01",
        "csrfmiddlewaretoken": cookies["csrftoken"],
    }

    today = date.today()
    week = {"van": today.isoformat(), "tot": (today + timedelta(days=7)).isoformat()}
    month = {"van": (today - timedelta(days=30)).isoformat(), "tot": today.isoformat()}

    def search(texts):
        return [{"method": "GET", "url": "/werkorders/overzicht/", "params": {"zoek": text}} for text in texts]

    return {
        "empty view": [{"method": "GET", "url": "/leeg/"}],
        "list": [{"method": "GET", "url": "/werkorders/overzicht/"}],
        "search plate": search(found.vehicle.plate_shown for found in newest),
        "search part of plate": search(found.vehicle.plate[1:5] for found in newest),
        "search customer": search(found.customer.name[-9:] for found in newest),
        "search nothing found": search(["onvindbaar"]),
        "search over everything": [{"method": "GET", "url": "/zoeken/", "params": {"q": found.vehicle.plate[1:5]}} for found in newest],
        "deep page": [{"method": "GET", "url": "/werkorders/overzicht/", "params": {"pagina": orders // 25 - 2}}],
        "finished, not invoiced": [{"method": "GET", "url": "/werkorders/overzicht/", "params": {"gefactureerd": "nee"}}],
        "sorted by customer": [{"method": "GET", "url": "/werkorders/overzicht/", "params": {"sorteren": "klant"}}],
        "total of a status": [{"method": "GET", "url": "/werkorders/overzicht/totalen/", "params": {"status": "in_progress"}}],
        "total of everything": [{"method": "GET", "url": "/werkorders/overzicht/totalen/"}],
        "planning board, a week": [{"method": "GET", "url": "/werkorders/planning/werkorders/", "params": week}],
        "costs of a month": [{"method": "GET", "url": "/werkorders/kosten/", "params": month}],
        "costs of a month per customer": [{"method": "GET", "url": "/werkorders/kosten/", "params": month | {"per": "klant"}}],
        "detail": [{"method": "GET", "url": f"/werkorders/overzicht/{found.pk}/"} for found in newest],
        "create": [{"method": "POST", "url": "/werkorders/aanmaken/", "data": order}],
    }


@contextmanager
def server(*, bare):
    """gunicorn with one worker, so that the load generator and the database have the other core."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = os.environ | ({"BENCH_BARE": "yes"} if bare else {})
    command = [sys.executable, "-m", "gunicorn", "cleanconnect.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    process = subprocess.Popen([*command, "--log-level", "error", "--no-control-socket"], env=environment, cwd=BASE_DIR)
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                httpx.get(base + "/klantlogin/", timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield base
    finally:
        process.terminate()
        process.wait(10)


def log_in(base, name, landing):
    """Cookies of someone who is logged in; the session is made here, because the bare server has no login page."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.models import User

    user = User.objects.get(username=name)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "accounts.backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    token = "a" * 32
    cookies = {"sessionid": session.session_key, "csrftoken": token}
    response = httpx.get(base + landing, cookies=cookies, timeout=30)
    if response.status_code != 200:
        raise RuntimeError(f"{landing} answered {response.status_code}")
    return cookies


def queries(cookies, request):
    """How many SQL queries one request takes, counted in this process by the same code."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.cookies.load(cookies)
    with CaptureQueriesContext(connection) as captured:
        if request["method"] == "POST":
            client.post(request["url"], request["data"])
        else:
            client.get(request["url"], request.get("params"))
    return sum(not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for query in captured.captured_queries)


def report(label, base, cookies, requests, options, *, counted=None, bare=None, first=None):
    from bench.load import measure

    measure(base, cookies, itertools.cycle(requests), seconds=1)
    figures = measure(base, cookies, itertools.cycle(requests), seconds=options.seconds)
    counted = counted or queries(cookies, requests[0])  # the bare server's settings are not this process's
    line = f"{label:<36} {figures.per_second:7.1f}/s  p50 {figures.p50:7.1f} ms  p95 {figures.p95:7.1f} ms  {counted:3} queries"
    if bare:
        line += f"  {figures.per_second / bare.per_second:5.2f} x bare"
    if first:
        line += f"  p50 {figures.p50 / first.p50:5.2f} x the smaller company"
    print(line, flush=True)
    return figures


if __name__ == "__main__":
    main()
