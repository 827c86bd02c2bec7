"""Agreeing prices with a customer: history stays, what changes ends the day before."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from .models import PriceAgreement


@transaction.atomic
def agree_prices(customer, prices, *, by):
    """From today this customer pays `{service: fixed price}`; None gives up the agreement that holds."""
    today = timezone.localdate()
    held = PriceAgreement.objects.filter(customer=customer, service__in=list(prices)).holding(today)
    held.filter(starts_on=today).delete()
    held.update(ends_on=today - timedelta(days=1))
    PriceAgreement.objects.bulk_create(
        PriceAgreement(customer=customer, service=service, value=price, starts_on=today, created_by=by)
        for service, price in prices.items()
        if price is not None
    )
