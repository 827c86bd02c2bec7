"""The e-invoice of an issued invoice or credit note: UBL 2.1 as Peppol BIS Billing 3.0 or NLCIUS (both are EN 16931).

Everything in it is the frozen invoice; only how the buyer is reached and identified may be filled in later, while there is no e-invoice.
"""

from base64 import b64encode
from decimal import Decimal

import stdnum.iban
from django.urls import reverse
from django.utils.translation import gettext as _

from cleanconnect import xml
from cleanconnect.money import CENT, excluding_vat, percent, to_cents
from cleanconnect.texts import file_name
from cleanconnect.xml import element
from customers.models import EInvoice
from services.models import VatRate

from .debit.collecting import collected_with
from .words import Saying

COMMON = "urn:oasis:names:specification:ubl:schema:xsd:Common{}Components-2"
CBC, CAC = COMMON.format("Basic"), COMMON.format("Aggregate")
ROOT = "urn:oasis:names:specification:ubl:schema:xsd:{}-2"
PROFILES = {
    EInvoice.PEPPOL: "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    EInvoice.NLCIUS: "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0",
}
PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
KVK, OIN = "0106", "0190"  # ISO 6523 ICD, as in the code list EAS
INVOICE, CREDIT_NOTE = "380", "381"  # UNCL1001
SEPA_TRANSFER = "58"  # UNCL4461
SEPA_DEBIT = "59"
DISCOUNT = "95"  # UNCL5189
PRICE = Decimal("1E-10")  # a price without VAT that is worked back from one with it; EN 16931 sets no limit to its decimals
PIECE = "C62"  # UN/ECE Recommendation 20
CATEGORIES = {VatRate.EXEMPT: "E", VatRate.REVERSED: "AE", VatRate.ZERO: "Z"}  # UNCL5305; else S
REASON_CODES = {VatRate.REVERSED: "VATEX-EU-AE"}
IDENTIFIERS = ("kvk_number", "oin_number", "e_address", "e_invoice", "e_invoice_pdf")


# --- who gets one, and what is missing ---------------------------------------------------------------------------


def buyer_of(invoice):
    """The buyer as the invoice keeps it, with the identifiers that the customer got since."""
    customer = invoice.customer
    since = {name: getattr(customer, name) for name in IDENTIFIERS}
    return invoice.buyer | {name: invoice.buyer.get(name) or value for name, value in since.items()}


def is_wanted(invoice):
    """Whether this customer gets e-invoices."""
    return invoice.customer.e_invoice != EInvoice.NONE and not invoice.forgotten_at


def missing(invoice):
    """`[(Dutch name of what is missing, where to fill it in), …]`; empty when an e-invoice can be made."""
    buyer, seller = buyer_of(invoice), invoice.seller
    company, customer = reverse("company-edit"), reverse("customers:edit", args=[invoice.customer_id])
    found = [(label, company) for name, label in (("kvk_number", _("uw KvK-nummer")), ("iban", _("uw IBAN"))) if not seller.get(name)]
    if buyer.get("country_code", "NL") == "NL" and not (buyer["kvk_number"] or buyer["oin_number"]):
        found.append((_("KvK-nummer of OIN van de klant"), customer))
    if not endpoint(buyer):
        found.append((_("elektronisch adres van de klant"), customer))
    if not any(not line.is_discount for line in invoice.lines.all()):
        found.append((_("een regel die geen korting is"), reverse("invoicing:detail", args=[invoice.pk])))
    return found


def endpoint(buyer):
    """`(scheme, address)` at which the buyer gets e-invoices: the one that was given, else the OIN or KvK number; None without."""
    if buyer["e_address"]:
        return tuple(buyer["e_address"].split(":", 1))
    if buyer["oin_number"]:
        return OIN, buyer["oin_number"]
    return (KVK, buyer["kvk_number"]) if buyer["kvk_number"] else None


# --- the document ------------------------------------------------------------------------------------------------


def build(invoice, pdf=None):
    """The e-invoice as bytes; with the bytes of a PDF that goes along where the customer wants that. Nothing may be `missing`."""
    return xml.document(_Document(invoice, pdf).root)


class _Document:
    def __init__(self, invoice, pdf):
        self.invoice, self.pdf, self.buyer = invoice, pdf, buyer_of(invoice)
        self.say = Saying(invoice.customer.language)
        self.is_nlcius = self.buyer["e_invoice"] == EInvoice.NLCIUS  # which warns of codes and names that it has no use for
        self.sign = -1 if invoice.is_credit_note else 1  # a credit note counts in positive amounts
        self.kind = "CreditNote" if invoice.is_credit_note else "Invoice"
        self.lines = list(invoice.lines.select_related("order"))
        self.root = xml.root(f"{{{ROOT.format(self.kind)}}}{self.kind}", {None: ROOT.format(self.kind), "cac": CAC, "cbc": CBC})
        self._head()
        self._references()
        self._seller()
        self._buyer()
        self._payment()
        self._discounts()
        self._taxes()
        self._totals()
        for number, line in enumerate(self._charged(), 1):
            self._line(number, line)

    def _charged(self):
        return [line for line in self.lines if not line.is_discount]

    def _amount(self, parent, name, value):
        _basic(parent, name, to_cents(value), currencyID="EUR")

    def _head(self):
        invoice, root = self.invoice, self.root
        _basic(root, "CustomizationID", PROFILES[self.buyer["e_invoice"]])
        _basic(root, "ProfileID", PROCESS)
        _basic(root, "ID", invoice.number)
        _basic(root, "IssueDate", invoice.issued_on)
        if invoice.is_credit_note:
            _basic(root, "CreditNoteTypeCode", CREDIT_NOTE)
        else:
            _basic(root, "DueDate", invoice.due_on)
            _basic(root, "InvoiceTypeCode", INVOICE)
        _basic(root, "Note", invoice.reason)
        _basic(root, "DocumentCurrencyCode", "EUR")
        _basic(root, "BuyerReference", self._reference())

    def _reference(self):
        """What the buyer knows it by; the standard asks for one."""
        known = [self.invoice.reference, *(line.reference for line in self.lines), *(str(line.order) for line in self.lines if line.order)]
        return next(filter(None, known), self.invoice.number)

    def _references(self):
        period = _aggregate(self.root, "InvoicePeriod")
        _basic(period, "StartDate", min(line.performed_on for line in self._charged()))
        _basic(period, "EndDate", max(line.last_day for line in self._charged()))
        if self.invoice.is_credit_note:
            original = _aggregate(self.root, "BillingReference", "InvoiceDocumentReference")
            _basic(original, "ID", self.invoice.credits.number)
            if not self.is_nlcius:
                _basic(original, "IssueDate", self.invoice.credits.issued_on)
        if self.pdf:
            document = _aggregate(self.root, "AdditionalDocumentReference")
            _basic(document, "ID", self.invoice.number)
            file = {"mimeCode": "application/pdf", "filename": file_name(f"{self.invoice.number}.pdf")}
            _basic(_aggregate(document, "Attachment"), "EmbeddedDocumentBinaryObject", b64encode(self.pdf).decode(), **file)

    def _seller(self):
        seller = self.invoice.seller
        party = _aggregate(self.root, "AccountingSupplierParty", "Party")
        creditor_id = self.invoice.company.creditor_id if collected_with(self.invoice) else ""
        self._party(party, seller, (KVK, seller["kvk_number"]), (KVK, seller["kvk_number"]), "NL", creditor_id)
        if seller["phone"] or seller["email"]:
            contact = _aggregate(party, "Contact")
            _basic(contact, "Telephone", seller["phone"])
            _basic(contact, "ElectronicMail", seller["email"])

    def _buyer(self):
        buyer = self.buyer
        party = _aggregate(self.root, "AccountingCustomerParty", "Party")
        legal = (OIN, buyer["oin_number"]) if buyer["oin_number"] else (KVK, buyer["kvk_number"])
        self._party(party, buyer, endpoint(buyer), legal, buyer.get("country_code") or "NL")
        if buyer["contact_name"]:
            _basic(_aggregate(party, "Contact"), "Name", buyer["contact_name"])

    @staticmethod
    def _party(party, who, address, legal, country, creditor_id=""):
        _basic(party, "EndpointID", address[1], schemeID=address[0])
        if creditor_id:
            _basic(_aggregate(party, "PartyIdentification"), "ID", creditor_id, schemeID="SEPA")
        _basic(_aggregate(party, "PartyName"), "Name", who["name"])
        postal = _aggregate(party, "PostalAddress")
        _basic(postal, "StreetName", who["street"])
        _basic(postal, "CityName", who["city"])
        _basic(postal, "PostalZone", who["postcode"])
        _basic(_aggregate(postal, "Country"), "IdentificationCode", country)
        if who["vat_number"]:
            taxed = _aggregate(party, "PartyTaxScheme")
            _basic(taxed, "CompanyID", who["vat_number"])
            _basic(_aggregate(taxed, "TaxScheme"), "ID", "VAT")
        entity = _aggregate(party, "PartyLegalEntity")
        _basic(entity, "RegistrationName", who["name"])
        if legal[1]:
            _basic(entity, "CompanyID", legal[1], schemeID=legal[0])

    def _payment(self):
        mandate = collected_with(self.invoice)
        means = _aggregate(self.root, "PaymentMeans")
        _basic(means, "PaymentMeansCode", SEPA_DEBIT if mandate else SEPA_TRANSFER)
        if self.invoice.is_credit_note:
            _basic(means, "PaymentDueDate", self.invoice.due_on)
        _basic(means, "PaymentID", self.invoice.number)
        if mandate:
            given = _aggregate(means, "PaymentMandate")
            _basic(given, "ID", mandate.reference)
            _basic(_aggregate(given, "PayerFinancialAccount"), "ID", stdnum.iban.compact(mandate.iban))
            return
        account = _aggregate(means, "PayeeFinancialAccount")
        _basic(account, "ID", stdnum.iban.compact(self.invoice.seller["iban"]))
        if not self.is_nlcius:
            _basic(account, "Name", self.invoice.seller["name"])

    def _discounts(self):
        for line in self.lines:
            if line.is_discount:
                allowance = _aggregate(self.root, "AllowanceCharge")
                _basic(allowance, "ChargeIndicator", "false")
                _basic(allowance, "AllowanceChargeReasonCode", "" if self.is_nlcius else DISCOUNT)
                _basic(allowance, "AllowanceChargeReason", line.description)
                self._amount(allowance, "Amount", -self.sign * line.net)
                self._category(allowance, "TaxCategory", line.vat_rate)

    def _category(self, parent, name, rate, reason=""):
        category = _aggregate(parent, name)
        _basic(category, "ID", CATEGORIES.get(rate, "S"))
        _basic(category, "Percent", percent(rate))
        if reason:
            _basic(category, "TaxExemptionReasonCode", "" if self.is_nlcius else REASON_CODES.get(rate, ""))
            _basic(category, "TaxExemptionReason", reason)
        _basic(_aggregate(category, "TaxScheme"), "ID", "VAT")

    def _taxes(self):
        total = _aggregate(self.root, "TaxTotal")
        self._amount(total, "TaxAmount", self.sign * self.invoice.vat_total)
        reasons = self.say.exemptions(self.invoice)
        for rate, base, vat in self.invoice.vat_per_rate():
            subtotal = _aggregate(total, "TaxSubtotal")
            self._amount(subtotal, "TaxableAmount", self.sign * base)
            self._amount(subtotal, "TaxAmount", self.sign * vat)
            self._category(subtotal, "TaxCategory", rate, reasons.get(rate, ""))

    def _totals(self):
        invoice, totals = self.invoice, _aggregate(self.root, "LegalMonetaryTotal")
        discount = sum((line.net for line in self.lines if line.is_discount), Decimal(0))
        self._amount(totals, "LineExtensionAmount", self.sign * (invoice.net_total - discount))
        self._amount(totals, "TaxExclusiveAmount", self.sign * invoice.net_total)
        self._amount(totals, "TaxInclusiveAmount", self.sign * invoice.gross_total)
        if discount:
            self._amount(totals, "AllowanceTotalAmount", -self.sign * discount)
        self._amount(totals, "PayableAmount", self.sign * invoice.gross_total)

    def _line(self, number, line):
        element = _aggregate(self.root, f"{self.kind}Line")
        _basic(element, "ID", number)
        quantity = self.sign * line.quantity
        _basic(element, "CreditedQuantity" if self.invoice.is_credit_note else "InvoicedQuantity", quantity, unitCode=PIECE)
        self._amount(element, "LineExtensionAmount", self.sign * line.net)
        before = self._before_discount(line)
        if line.discount or line.discount_amount:
            allowance = _aggregate(element, "AllowanceCharge")
            _basic(allowance, "ChargeIndicator", "false")
            _basic(allowance, "AllowanceChargeReasonCode", "" if self.is_nlcius else DISCOUNT)
            _basic(allowance, "AllowanceChargeReason", self.say.plain("of_discount"))
            if line.discount:
                _basic(allowance, "MultiplierFactorNumeric", line.discount)
            self._amount(allowance, "Amount", before - self.sign * line.net)
            if line.discount:
                self._amount(allowance, "BaseAmount", before)
        item = _aggregate(element, "Item")
        _basic(item, "Description", " · ".join(filter(None, [line.vehicle, line.order and str(line.order), line.reference])))
        _basic(item, "Name", line.description)
        self._category(item, "ClassifiedTaxCategory", line.vat_rate)
        price = (before / quantity).quantize(PRICE) if line.price_includes_vat else line.unit_price
        _basic(_aggregate(element, "Price"), "PriceAmount", _few_decimals(price), currencyID="EUR")

    def _before_discount(self, line):
        """What a line is without its own discount, excluding VAT."""
        before = to_cents(self.sign * line.quantity * line.unit_price)
        if not line.price_includes_vat:
            return before
        has_discount = line.discount or line.discount_amount
        return excluding_vat(before, line.vat_rate) if has_discount else self.sign * line.net


def _few_decimals(price):
    """Two decimals, and more only where there are more."""
    short = price.quantize(CENT)
    return short if price == short else price.normalize()


def _aggregate(parent, *names):
    for name in names:
        parent = element(parent, f"{{{CAC}}}{name}")
    return parent


def _basic(parent, name, value, **attributes):
    """An element with a value; without one there is none, as the standard has no empty elements."""
    if str(value).strip():
        element(parent, f"{{{CBC}}}{name}", str(value), **attributes)
