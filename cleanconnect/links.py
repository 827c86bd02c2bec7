"""Addresses that people bring along: signed ones, for who has no login, and the page to go back to."""

import re

from django.core.signing import Signer
from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

BIGGEST = 2**63 - 1  # no row has a higher number


def signature(kind, company_id, pk, number=0):
    """What makes an address impossible to guess, of the company and the row, stored nowhere.

    `kind` says what the link is for, so that one never opens another. `number` counts the links of a row that is given new ones; it
    stands before the signature, but for the first.
    """
    if not number:
        return Signer(salt=kind).signature(f"{company_id}:{pk}")
    return f"{number}.{Signer(salt=kind).signature(f'{company_id}:{pk}:{number}')}"


def signed_number(kind, company_id, pk, text):
    """The number of the link that carries this signature; None when it is no signature of ours."""
    match = re.match(r"([1-9][0-9]{0,8})\.", text)
    number = int(match[1]) if match else 0
    is_ours = max(company_id, pk) <= BIGGEST and constant_time_compare(signature(kind, company_id, pk, number), text)
    return number if is_ours else None


def is_signed(kind, company_id, pk, text):
    """Whether this is the signature that such a link carries."""
    return signed_number(kind, company_id, pk, text) is not None


def back_to(address, *, otherwise):
    """Redirect to the page of ours that somebody came from; to `otherwise` (the name of a page) when that is no path of this site.

    `redirect()` itself takes a word without a slash for the name of a page, and fails.
    """
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return HttpResponseRedirect(address if is_ours else resolve_url(otherwise))
