"""Fields of which the value opens something, or lets one guess what does: they leave the house in no form."""

from django.db import models


class SecretCharField(models.CharField):
    """A text that no export, list or log may hold; the table is that of a `CharField`."""

    secret = True

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def open_fields(model):
    """The columns of a model that may be shown, in an export or elsewhere."""
    return [field for field in model._meta.concrete_fields if not getattr(field, "secret", False)]
