from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts.models import Company
from cleanconnect.tenancy.context import company, company_ids

from . import running
from .models import Import

KEPT_FOR = timedelta(days=30)


@shared_task
def run(company_id, import_id):
    """Check a file or import it; doing it twice does it once."""
    with company(company_id):
        is_ours = running.begin(import_id)
    if is_ours:
        with company(company_id):
            running.work(import_id)


@shared_task
def sweep():
    """Start what has no nudge left or whose worker died, and forget uploads that nobody carried out."""
    for company_id in company_ids(Company):
        with company(company_id):
            _forget_old_uploads()
            waiting = list(Import.objects.waiting().order_by("pk").values_list("pk", flat=True)[:100])
        for import_id in waiting:
            run.delay(company_id, import_id)


def _forget_old_uploads():
    old = Import.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).exclude(state__in=[Import.State.DONE, Import.State.IMPORTING])
    for found in old.select_for_update(no_key=True, skip_locked=True)[:100]:
        if found.file:
            transaction.on_commit(lambda name=found.file.name, storage=found.file.storage: storage.delete(name), robust=True)
        found.delete()
