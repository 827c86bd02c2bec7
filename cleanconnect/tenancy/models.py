from django.db import models

from .fields import CompanyField


class CompanyModel(models.Model):
    """A row of one company. A model that customers may see overrides `company` with what they see of it."""

    company = CompanyField()

    class Meta:
        abstract = True
