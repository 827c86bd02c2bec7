from celery import shared_task
from django.utils import timezone

from accounts.models import Company
from cleanconnect.tenancy.context import company, company_ids

from .models import RdwRecord
from .rdw import KEPT_FOR


@shared_task
def sweep():
    """Forget what the RDW said more than thirty days ago."""
    for company_id in company_ids(Company):
        with company(company_id):
            RdwRecord.objects.filter(fetched_at__lt=timezone.now() - KEPT_FOR).delete()
