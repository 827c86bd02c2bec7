from django.db import models

from .context import current_customer_id
from .fields import CompanyField


class OwnRowsManager(models.Manager):
    """Names the customer that is logged in; for models of which a customer sees its own rows.

    Row-level security shows no others without it, but walks all of the company's to find that out: its condition is one no index
    serves. This is the key for the index, and not the lock.
    """

    def get_queryset(self):
        rows, customer_id = super().get_queryset(), current_customer_id()
        return rows if customer_id is None else rows.filter(customer_id=customer_id)


class CompanyModel(models.Model):
    """A row of one company. A model that customers may see overrides `company` with what they see of it."""

    company = CompanyField()

    class Meta:
        abstract = True
