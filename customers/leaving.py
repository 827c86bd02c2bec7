"""A customer goes, and may no longer log in; one that was archived can come back."""

from django.db import transaction

from accounts.members import remove_member

from .models import CustomerEvent


@transaction.atomic
def remove_customer(customer, *, by):
    """Delete the customer, or archive one that history names; the logins go too. Returns "deleted" or "archived"."""
    for membership in customer.memberships.select_related("user"):
        remove_member(membership)
    outcome = customer.remove()
    if outcome == "archived":
        CustomerEvent.objects.create(customer=customer, kind=CustomerEvent.Kind.ARCHIVED, by=by)
    return outcome


@transaction.atomic
def restore_customer(customer, *, by):
    """Put an archived customer back in the lists; its logins do not come back."""
    customer.archived_at = None
    customer.save(update_fields=["archived_at"])
    CustomerEvent.objects.create(customer=customer, kind=CustomerEvent.Kind.RESTORED, by=by)
