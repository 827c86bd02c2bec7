"""A new customer who may log in."""

from django.db import transaction

from accounts.members import add_member
from accounts.models import Membership


@transaction.atomic
def register(customer, *, password):
    """Save the customer with a login, of which the details are mailed; returns the membership.

    Raises `AlreadyMember` or `JustTaken` of `accounts.members`, and then there is no customer either.
    """
    customer.save()
    return add_member(
        role=Membership.Role.CUSTOMER,
        name=customer.contact_name or customer.name,
        email=customer.email,
        password=password,
        customer=customer,
    )
