from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cleanconnect.tenancy.context import company

from .members import add_member
from .models import Company, Membership


@transaction.atomic
def sign_up(*, company_name, name, email):
    """A new company with its owner, who gets the login details by mail; returns the Company."""
    made = Company.objects.found(name=company_name, email=email, approved_at=None if settings.SIGN_UP_OPEN_TO_STRANGERS else timezone.now())
    with company(made.pk):
        add_member(role=Membership.Role.OWNER, name=name, email=email)
    return made
