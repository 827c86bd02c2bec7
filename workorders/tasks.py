from celery import shared_task

from cleanconnect import uploads
from cleanconnect.tenancy.context import company


@shared_task
def make_small(company_id, name):
    """The small size of a photo; a page that finds none asks for it again."""
    with company(company_id):
        uploads.make_small(name)
