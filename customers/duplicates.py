"""Customers that may be the same: by name, e-mail address or KvK number."""

import re

from django.db.models import Q, Value
from django.db.models.functions import Lower, Replace

from .models import Customer

LEGAL_FORMS = r"\b(b\.?v\.?|n\.?v\.?|v\.?o\.?f\.?|holding)(?=\W|$)"
SHOWN = 5


def core_of(name):
    """What is left of a name to compare by: "Garage de Vries B.V." and "garage De Vries bv" are both "garagedevries"."""
    return re.sub(r"[\W_]+", "", re.sub(LEGAL_FORMS, "", name.lower()))


def keys_of(*, name, email="", kvk_number=""):
    """What a customer is recognised by; two that share one of these may be the same."""
    found = {"name": core_of(name), "email": email.lower(), "kvk_number": kvk_number}
    return {(kind, value) for kind, value in found.items() if value}


def lookalikes(*, name, email="", kvk_number="", other_than=None):
    """At most five customers with the same name, e-mail address or KvK number, archived ones too."""
    found = Q()
    core = core_of(name)
    bare = Lower("name")
    for sign in (" ", ".", "-", "&", "'", ","):
        bare = Replace(bare, Value(sign), Value(""))
    customers = Customer.objects.annotate(bare=bare).filter(anonymised_at=None)
    if core:
        found |= Q(bare__in=[core, *(core + form for form in ("bv", "nv", "vof", "holding"))])
    if email:
        found |= Q(email__iexact=email)
    if kvk_number:
        found |= Q(kvk_number=kvk_number)
    return list(customers.filter(found).exclude(pk=other_than).order_by("name")[:SHOWN]) if found else []
