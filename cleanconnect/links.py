"""What makes the address of a page for who has no login impossible to guess: a signature of the company and the row, stored nowhere."""

from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

BIGGEST = 2**63 - 1  # no row has a higher number


def signature(kind, company_id, pk):
    """`kind` says what the link is for, so that one never opens another."""
    return Signer(salt=kind).signature(f"{company_id}:{pk}")


def is_signed(kind, company_id, pk, text):
    """Whether this is the signature that such a link carries."""
    return max(company_id, pk) <= BIGGEST and constant_time_compare(signature(kind, company_id, pk), text)
