"""Seller and buyer as an invoice must name them (Wet OB 1968, art. 35a): what is missing, and the copy that the invoice keeps."""

from django.utils.translation import gettext as _

ADDRESS = ("street", "postcode", "city")
SELLER = ("name", *ADDRESS, "email", "phone", "kvk_number", "vat_number", "iban")
BUYER = ("name", "contact_name", *ADDRESS, "kvk_number", "vat_number")
HOME = "NL"


def missing_of_seller(company):
    """Dutch names of what a company lacks to send invoices; empty when it is complete."""
    return _missing(
        company,
        {
            _("bedrijfsnaam"): ["name"],
            _("adres"): ADDRESS,
            _("btw-id"): ["vat_number"],
            _("KvK-nummer"): ["kvk_number"],
            _("IBAN"): ["iban"],
        },
    )


def missing_of_buyer(customer):
    """Dutch names of what a customer lacks to be sent invoices."""
    return _missing(customer, {_("naam"): ["name"], _("adres"): ADDRESS})


def _missing(party, wanted):
    return [label for label, fields in wanted.items() if not all(getattr(party, field).strip() for field in fields)]


def snapshot_of_buyer(customer):
    """The buyer as the invoice names it: street and number on one line, the country when it is another."""
    country = customer.get_country_display() if customer.country != HOME else ""
    return snapshot(customer, BUYER) | {"street": customer.street_and_number, "country": country}


def snapshot(party, fields):
    """A copy of these fields, for an invoice to keep as they are today."""
    return {field: getattr(party, field) for field in fields}
