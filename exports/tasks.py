from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts.models import Company
from cleanconnect.tenancy.context import company, company_ids, narrow

from . import making
from .models import Export

KEPT_FOR = timedelta(days=7)


@shared_task
def make(company_id, export_id):
    """Make the file of an export, seeing no more than who asked for it."""
    with company(company_id):
        export = making.begin(export_id)
    if export:
        with company(company_id):
            narrow(company_id=company_id, customer_id=export.customer_id)
            making.work(export_id)


@shared_task
def sweep():
    """Start what has no nudge left or whose worker died; forget files that are a week old."""
    for company_id in company_ids(Company):
        with company(company_id):
            old = Export.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
            for export in old.select_for_update(no_key=True, skip_locked=True)[:100]:
                making.forget(export)
            waiting = list(Export.objects.filter(state=Export.State.WAITING).order_by("pk").values_list("pk", flat=True)[:100])
        for export_id in waiting:
            make.delay(company_id, export_id)
