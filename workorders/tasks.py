from celery import shared_task
from django.utils.translation import gettext_lazy as _

from cleanconnect import uploads
from cleanconnect.jobs import job
from cleanconnect.tenancy.context import company

from .models import OrderPhoto


@shared_task
def make_small(company_id, name):
    """The small size of a photo; a page that finds none asks for it again."""
    with company(company_id):
        uploads.make_small(name)


@job(row=OrderPhoto, attempts=3, failure=_("Deze foto is niet te verwerken; maak hem opnieuw."))
def make_photo(photo, undo):
    """Make the photo of what was uploaded of a car."""
    photo.develop()
