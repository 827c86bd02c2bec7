"""Whom at a customer a message goes to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipient:
    name: str
    email: str


def recipient(customer, role, branch=None):
    """Who is written to about "planning", "approval" or "invoices": the contact for it, of the branch first, else the customer itself.

    Returns a `Recipient`, or None when there is no e-mail address at all.
    """
    able = [contact for contact in customer.contacts.all() if getattr(contact, f"for_{role}") and contact.email]
    if able:
        contact = min(able, key=lambda found: (not branch or found.branch_id != branch.pk, found.branch_id or 0, found.name, found.pk))
        return Recipient(contact.name, contact.email)
    if customer.email:
        return Recipient(customer.contact_name or customer.name, customer.email)
    return None


def wants(customer, event):
    """Whether a customer is mailed of a "defect", "approval", "ready" or "redo": what was chosen for it, else what its type says."""
    own = getattr(customer, f"mail_{event}")
    return getattr(customer.type, f"mail_{event}") if own is None else own
