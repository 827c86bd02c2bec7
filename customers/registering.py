"""A new customer gets a number, a line of history, and sometimes a login."""

from django.db import transaction

from accounts.members import add_member
from accounts.models import Membership
from accounts.numbering import next_number

from .models import Customer, CustomerEvent


def free_number():
    """The next customer number that nobody was given by hand."""
    number = str(next_number("customer"))
    while Customer.objects.filter(number=number).exists():
        number = str(next_number("customer"))
    return number


@transaction.atomic
def create(customer, *, by):
    """Save a new customer; without a number it gets the next."""
    customer.number = customer.number or free_number()
    customer.save()
    CustomerEvent.objects.create(customer=customer, kind=CustomerEvent.Kind.CREATED, by=by)
    return customer


@transaction.atomic
def register(customer, *, password, by):
    """Save a new customer with a login, of which the details are mailed; returns the membership.

    Raises `AlreadyMember` or `JustTaken` of `accounts.members`, and then there is no customer either.
    """
    create(customer, by=by)
    return add_member(
        role=Membership.Role.CUSTOMER,
        name=customer.contact_name or customer.name,
        email=customer.email,
        password=password,
        customer=customer,
    )


@transaction.atomic
def change(customer, changes, *, by):
    """Save an edited customer; `changes` is `[(label, old, new), …]` for the history."""
    customer.number = customer.number or free_number()
    customer.save()
    if changes:
        text = "; ".join(f"{label}: {old or '–'} → {new or '–'}" for label, old, new in changes)
        CustomerEvent.objects.create(customer=customer, kind=CustomerEvent.Kind.CHANGED, text=text[:500], by=by)
    return customer
