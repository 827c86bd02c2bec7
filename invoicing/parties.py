"""Seller and buyer as an invoice must name them (Wet OB 1968, art. 35a): what is missing, and the copy that the invoice keeps."""

from django.utils.translation import gettext as _

ADDRESS = ("street", "postcode", "city")
SELLER = (
    *("name", *ADDRESS, "email", "phone", "kvk_number", "vat_number", "iban"),
    *("is_small_business", "invoice_intro", "invoice_closing"),
)
BUYER = ("name", "contact_name", *ADDRESS, "kvk_number", "vat_number", "oin_number", "e_address", "e_invoice", "e_invoice_pdf")
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
    wanted = {_("naam"): ["name"], _("adres"): ADDRESS} | ({_("btw-id"): ["vat_number"]} if customer.vat_reversed else {})
    return _missing(customer, wanted)


def _missing(party, wanted):
    return [label for label, fields in wanted.items() if not all(getattr(party, field).strip() for field in fields)]


def snapshot_of_buyer(customer):
    """The buyer as the invoice names it: street and number on one line, the country when it is another."""
    country = customer.get_country_display() if customer.country != HOME else ""
    more = {"street": customer.street_and_number, "country": country, "country_code": customer.country}
    return snapshot(customer, BUYER) | more | {"is_private": customer.type.is_private}


def snapshot(party, fields):
    """A copy of these fields, for an invoice to keep as they are today."""
    return {field: getattr(party, field) for field in fields}
