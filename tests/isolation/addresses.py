"""Every address of the product, and how the arguments of each are filled in."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import URLPattern, get_resolver, reverse
from django.urls.converters import IntConverter

from cleanconnect.links import signature
from invoicing.models import Invoice
from invoicing.online import links as paying
from quality.models import Approval, Defect
from quotes.models import Quote

# A number is the same for each table of a side (see `sides.py`), so only other arguments need an entry: what stands in the address, or
# a function of the side that gives it.
FILLED = {
    "to": "in_progress",
    "kind": "customers",
    "event": "invoice",
    "language": "nl",
}
# A link for who has no login opens what it was made for, whoever follows it: `address: the kind of its signature`.
SIGNED = {
    "approval": Approval.link_kind,
    "approval-photo": Approval.link_kind,
    "defect-page": Defect.link_kind,
    "defect-page-photo": Defect.link_kind,
    "pay-online": Invoice.link_kind,
    "mollie-webhook": paying.NEWS,
    "quote-page": Quote.link_kind,
}
# And those with a key of their own: a function of the side that gives the arguments.
KEYED = {
    "calendar-feed": lambda side: {"company_pk": side.company_id, "key": side.feed_key},
    "personal-link": lambda side: side.personal_link,
}


OF_A_COMPANY = {"enter-company"}  # the number in it is a company's


@dataclass(frozen=True)
class Address:
    """A pattern of the URL configuration: its full name, and `{argument: converter}`."""

    name: str
    converters: tuple
    view: object
    pattern: URLPattern

    @property
    def is_link(self):
        """Whether it opens something for who has the address and no login."""
        return self.name in SIGNED or self.name in KEYED

    @cached_property
    def unfilled(self):
        """Arguments that nothing says how to fill in."""
        if self.is_link:
            return []
        return [name for name, converter in self.converters if not isinstance(converter, IntConverter) and name not in FILLED]

    def path(self, side):
        """The path to what this side has."""
        if self.name in KEYED:
            return reverse(self.name, kwargs=KEYED[self.name](side))
        if self.name in SIGNED:
            return self._signed(side, by=side)
        number = side.company_id if self.name in OF_A_COMPANY else side.number
        numbers = {name: number for name, converter in self.converters if isinstance(converter, IntConverter)}
        return reverse(self.name, kwargs=numbers | {name: FILLED[name] for name, _converter in self.converters if name in FILLED})

    def forged(self, side, by):
        """The path to what this side has, as somebody tries it who has another side's link."""
        if self.name in SIGNED:
            return self._signed(side, by=by)
        if self.name in KEYED:
            secrets = {name: value for name, value in KEYED[self.name](by).items() if name in {"key", "token"}}
            return reverse(self.name, kwargs=KEYED[self.name](side) | secrets)
        return self.path(side)

    def _signed(self, side, by):
        signed = signature(SIGNED[self.name], by.company_id, by.number)
        return reverse(self.name, kwargs={"company_pk": side.company_id, "pk": side.number, "signature": signed})


def _walk(resolver, namespaces=(), outer=()):
    for pattern in resolver.url_patterns:
        converters = (*outer, *pattern.pattern.converters.items())
        if isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", pattern.callback)
            yield Address(":".join([*namespaces, pattern.name or str(pattern.pattern)]), converters, view, pattern)
        else:
            yield from _walk(pattern, [*namespaces, pattern.namespace] if pattern.namespace else namespaces, converters)


def addresses():
    """All of them, in the order of the URL configuration."""
    return list(_walk(get_resolver()))
