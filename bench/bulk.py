"""What a worker does in one go: imports, exports, a price rise. Each is timed as the worker runs it, without the queue."""

import io
import time
from datetime import timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Company, Membership, User
from bench.filling import customers
from cleanconnect.spreadsheets import write_csv
from cleanconnect.tenancy import context
from customers.models import Customer
from customers.sheets import CUSTOMERS
from exports import everything, lists
from exports.models import Export
from imports import matching, running
from imports.models import Import, Kind
from services.models import Service, ServiceGroup
from services.raising import Raise
from vehicles.models import VehicleType

ROWS, HANDLINGS = 10_000, 2_000


def work():
    """Pairs (label, seconds)."""
    company = Company.objects.found(name="Bulk", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        by = Membership.objects.create(user=User.objects.create(username="bulk"), role=Membership.Role.OWNER, name="Eigenaar")
        file = _file()
    yield f"import {ROWS:,} new customers", _timed(lambda: _import(file, by), company)
    yield "the same file once more", _timed(lambda: _import(file, by), company)
    yield f"export {ROWS:,} customers as CSV", _timed(lambda: _export("csv", by), company)
    yield f"export {ROWS:,} customers as Excel", _timed(lambda: _export("xlsx", by), company)
    yield "everything in one zip", _timed(lambda: _export("zip", by), company)
    with context.company(company.pk):
        group = ServiceGroup.objects.create(vehicle_type=VehicleType.objects.create(name="Auto"), name="Interieur")
        Service.objects.bulk_create(Service(group=group, name=f"Handeling {n}", price=Decimal(10 + n % 90)) for n in range(HANDLINGS))
    yield f"raise {HANDLINGS:,} list prices", _timed(lambda: _raise(by), company)


def _timed(act, company):
    started = time.perf_counter()
    with context.company(company.pk):
        act()
    return time.perf_counter() - started


def _file():
    made = io.BytesIO()
    columns = CUSTOMERS.columns
    write_csv(made, [column.label for column in columns], ([column.of(row) for column in columns] for row in customers(ROWS)))
    return made.getvalue()


def _import(file, by):
    headers = [str(column.label) for column in CUSTOMERS.columns]
    found = Import(kind=Kind.CUSTOMERS, file_name="klanten.csv", headers=headers, created_by=by, state=Import.State.CHECKING)
    found.mapping = matching.propose(headers, found.kind)
    found.file.save("klanten.csv", ContentFile(file))
    running.work(found)
    found.state = Import.State.IMPORTING
    running.work(found)
    found.refresh_from_db()
    if found.state != Import.State.DONE or Customer.objects.count() != ROWS:
        raise RuntimeError(f"{found.state}: {found.failure} {found.problems[:3]}")


def _export(format, by):
    export = Export(name="Klanten", format=format, address="/klantenbeheer/overzicht/", created_by=by, pk=0)
    writer = everything if format == "zip" else lists
    if writer.write(export, io.BytesIO()) < ROWS:
        raise RuntimeError("rows are missing")


def _raise(by):
    on = timezone.localdate() + timedelta(days=30)
    Raise(customer=None, percentage=Decimal(3), on=on, rounding=Decimal("0.05")).carry_out(by=by)
