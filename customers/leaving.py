"""A customer goes, and may no longer log in."""

from django.db import transaction

from accounts.members import remove_member


@transaction.atomic
def remove_customer(customer):
    """Delete the customer, or archive one that history names; the logins go too. Returns "deleted" or "archived"."""
    for membership in customer.memberships.select_related("user"):
        remove_member(membership)
    return customer.remove()
