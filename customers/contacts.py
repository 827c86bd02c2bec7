"""Whom at a customer a message goes to."""

from dataclasses import dataclass

from django.db.models import F


@dataclass(frozen=True)
class Recipient:
    name: str
    email: str


def recipient(customer, role, branch=None):
    """Who is written to about "planning", "approval" or "invoices": the contact for it, of the branch first, else the customer itself.

    Returns a `Recipient`, or None when there is no e-mail address at all.
    """
    contacts = customer.contacts.filter(**{f"for_{role}": True}).exclude(email="")
    of_branch = contacts.filter(branch=branch) if branch is not None else contacts.none()
    contact = of_branch.first() or contacts.order_by(F("branch").asc(nulls_first=True), "name", "pk").first()
    if contact is not None:
        return Recipient(contact.name, contact.email)
    if customer.email:
        return Recipient(customer.contact_name or customer.name, customer.email)
    return None


def wants(customer, event):
    """Whether a customer is mailed of a "defect", "approval", "ready" or "redo": what was chosen for it, else what its type says."""
    own = getattr(customer, f"mail_{event}")
    return getattr(customer.type, f"mail_{event}") if own is None else own
