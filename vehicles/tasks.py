from datetime import timedelta

from django.utils import timezone

from accounts.models import Company
from cleanconnect.jobs import job

from .models import RdwRecord
from .rdw import KEPT_FOR

AT_MOST_DAILY = timedelta(days=1)


@job(row=Company)
def forget(company, undo):
    """Forget what the RDW said more than thirty days ago; done again when the oldest of the rest is as old.

    It goes on in a company that has nothing to forget: what is fetched at this moment is not seen here, and finds this job waiting.
    """
    now = timezone.now()
    RdwRecord.objects.filter(fetched_at__lt=now - KEPT_FOR).delete()
    oldest = RdwRecord.objects.order_by("fetched_at").values_list("fetched_at", flat=True).first()
    return max(oldest + KEPT_FOR - now, AT_MOST_DAILY) if oldest else KEPT_FOR
