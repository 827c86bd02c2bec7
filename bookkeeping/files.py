"""The files: each function writes the invoices of an export to a binary file, and says which of them it could not write."""

import calendar
import zipfile
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from cleanconnect import xml
from cleanconnect.money import percent
from cleanconnect.spreadsheets import write_csv, write_xlsx
from cleanconnect.texts import file_name
from cleanconnect.xml import element
from services.models import VatRate

from . import rules
from .journal import bookings, customer_key

XAF = "http://www.auditfiles.nl/XAF/3.2"
OTHER_LETTERS = {"EL": "GR", "XI": "GB"}  # a btw-id of Greece or Northern Ireland does not begin with its country (ISO 3166)


class BreaksRules(Exception):
    """The file is not what its reader asks for; the message is for the screen."""


def write(export, invoices, codes, company, file):
    """Write the file of an export; returns the invoices that are in it, and `[(rate, base, vat), …]` of these.

    Raises `BreaksRules`.
    """
    booked = [(invoice, bookings(invoice, codes)) for invoice in invoices]
    missing = WRITERS[export.kind](export, booked, codes, company, file) or ()
    written = [(invoice, rows) for invoice, rows in booked if invoice not in missing]
    sums = {}
    for _invoice, rows in written:
        for row in rows:
            base, vat = sums.get(row.rate, (Decimal(0), Decimal(0)))
            sums[row.rate] = base + row.net, vat + row.vat
    rates = [(rate, *sums[rate]) for rate in sorted(sums, key=lambda rate: (-percent(rate), rate))]
    return [invoice for invoice, _rows in written], rates


def _checked(root, asked):
    if found := rules.broken(root, asked):
        raise BreaksRules(_("Het bestand voldoet niet aan de regels van de ontvanger (%(rule)s).") % {"rule": found[0]})
    return xml.document(root)


def _table(booked, codes):
    for invoice, rows in booked:
        for row in rows:
            yield [
                invoice.issued_on,
                invoice.get_kind_display(),
                invoice.number,
                customer_key(invoice.customer),
                invoice.buyer.get("name", ""),
                invoice.due_on,
                row.account,
                row.vat_code,
                VatRate(row.rate).label,
                row.net,
                row.vat,
                row.net + row.vat,
                codes.debtors,
            ]


def _header():
    return [
        *(_("Datum"), _("Soort"), _("Factuurnummer"), _("Klantnummer"), _("Klant"), _("Vervaldatum"), _("Grootboekrekening")),
        *(_("Btw-code"), _("Btw"), _("Bedrag excl. btw"), _("Btw-bedrag"), _("Bedrag incl. btw"), _("Tegenrekening")),
    ]


def _csv(export, booked, codes, company, file):
    write_csv(file, _header(), _table(booked, codes))


def _xlsx(export, booked, codes, company, file):
    write_xlsx(file, _header(), _table(booked, codes), title=_("Verkoop"))


def _eboekhouden(export, booked, codes, company, file):
    """One row for each booking, its columns named as the fields of a mutatie (e-Boekhouden.nl, SOAP documentation, AddMutatie)."""
    header = [
        *("Soort", "Datum", "Rekening", "Relatiecode", "Factuurnummer", "Omschrijving", "Betalingstermijn", "InExBTW"),
        *("BedragInvoer", "BedragExclBTW", "BedragBTW", "BedragInclBTW", "BTWCode", "BTWPercentage", "TegenrekeningCode"),
    ]
    rows = (
        [
            "FactuurVerstuurd",
            invoice.issued_on,
            codes.debtors,
            customer_key(invoice.customer),
            invoice.number,
            f"{invoice} {invoice.buyer.get('name', '')}"[:200],
            (invoice.due_on - invoice.issued_on).days,
            "EX",
            row.net,
            row.net,
            row.vat,
            row.net + row.vat,
            row.vat_code,
            percent(row.rate),
            row.account,
        ]
        for invoice, found in booked
        for row in found
    )
    write_csv(file, header, rows)


def document(invoice):
    """`(file, extension)` of what Moneybird gets of an invoice: the e-invoice, else the PDF; None while neither is there."""
    for kept, extension in ((invoice.ubl, "xml"), (invoice.pdf, "pdf")):
        if kept and kept.storage.exists(kept.name):
            return kept, extension
    return None


def _moneybird(export, booked, codes, company, file):
    """The documents themselves, to upload at Facturen > Externe facturen (helpcenter.moneybird.nl, externe omzet)."""
    missing = set()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for invoice, _rows in booked:
            found = document(invoice)
            if found is None:
                missing.add(invoice)
                continue
            kept, extension = found
            with kept.open() as source:
                archive.writestr(file_name(f"{invoice.number}.{extension}"), source.read())
    return missing


def _exact(export, booked, codes, company, file):
    """GLTransactions of eExact-XML, with the customer's amount on the debtors' account and a line for each booking.

    Exact numbers the entries itself (`entry` is an integer of its own); our number is the reference of each line.
    """
    root = xml.root("eExact")
    transactions = element(root, "GLTransactions")
    for invoice, rows in booked:
        day = invoice.issued_on
        made = element(transactions, "GLTransaction")
        element(made, "TransactionType", number="21" if invoice.is_credit_note else "20")
        element(made, "Journal", code=codes.journal)
        element(made, "Date", day.isoformat())
        element(made, "Description", str(invoice))
        lines = [(codes.debtors, invoice.gross_total, None)]
        lines += [(row.account, -row.net, row.vat_code) for row in rows]
        lines += [(codes.vat_account(row.rate), -row.vat, None) for row in rows if row.vat]
        for number, (account, amount, vat_code) in enumerate(lines, 1):
            line = element(made, "GLTransactionLine", type="20", linetype="0", line=str(number), status="20")
            element(line, "Date", day.isoformat())
            element(line, "FinYear", number=str(day.year))
            element(line, "FinPeriod", number=str(day.month))
            element(line, "GLAccount", code=account)
            element(line, "Description", f"{invoice} {invoice.buyer.get('name', '')}"[:60])
            element(line, "Account", code=customer_key(invoice.customer))
            value = element(line, "Amount")
            element(value, "Currency", code="EUR")
            element(value, "Value", f"{amount:.2f}")
            if vat_code:
                element(value, "VAT", code=vat_code)
            element(element(line, "References"), "YourRef", invoice.number)
    file.write(_checked(root, rules.EXACT))


def _xaf(export, booked, codes, company, file):
    """XML Auditfile Financieel 3.2 of the sales (XmlAuditfileFinancieel3.2.xsd): debtors against revenue and VAT, balanced."""
    root = xml.root(f"{{{XAF}}}auditfile", {None: XAF})
    header = _part(root, "header")
    year = str(export.first.year) if export.first.year == export.last.year else f"{export.first.year}-{export.last:%y}"
    for name, value in (
        ("fiscalYear", year),
        ("startDate", export.first.isoformat()),
        ("endDate", export.last.isoformat()),
        ("curCode", "EUR"),
        ("dateCreated", export.created_at.date().isoformat()),
        ("softwareDesc", "CleanConnect"),
    ):
        _part(header, name, value)
    whole = _part(root, "company")
    if company.kvk_number:
        _part(whole, "companyIdent", company.kvk_number)
    for name, value in (("companyName", company.name), ("taxRegistrationCountry", "NL"), ("taxRegIdent", company.vat_number[:30])):
        _part(whole, name, value)
    _customers(whole, booked)
    _ledger(whole, booked, codes)
    periods = _part(whole, "periods")
    numbers = _periods(export.first, export.last)
    for (year, month), number in numbers.items():
        period = _part(periods, "period")
        _part(period, "periodNumber", str(number))
        _part(period, "startDatePeriod", date(year, month, 1).isoformat())
        _part(period, "endDatePeriod", date(year, month, calendar.monthrange(year, month)[1]).isoformat())
    _transactions(whole, booked, codes, numbers)
    file.write(_checked(root, rules.XAF))


def _periods(first, last):
    """`{(year, month): number}` of the months of a period: 9 is September; in a next year they count on."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return {(month // 12, month % 12 + 1): month - first.year * 12 + 1 for month in months}


def _customers(whole, booked):
    parties = _part(whole, "customersSuppliers")
    for key, invoice in sorted({customer_key(invoice.customer): invoice for invoice, _rows in booked}.items()):
        party = _part(parties, "customerSupplier")
        _part(party, "custSupID", key)
        _part(party, "custSupName", invoice.buyer.get("name", "")[:50])
        if kvk := invoice.buyer.get("kvk_number"):
            _part(party, "commerceNr", kvk)
        if vat_number := invoice.buyer.get("vat_number"):
            _part(party, "taxRegistrationCountry", OTHER_LETTERS.get(vat_number[:2], vat_number[:2]))
            _part(party, "taxRegIdent", vat_number[:30])
        _part(party, "custSupTp", "C")


def _ledger(whole, booked, codes):
    names = {row.account: (_("Omzet"), "P") for _invoice, rows in booked for row in rows}
    names |= {codes.debtors: (_("Debiteuren"), "B")}
    names |= {codes.vat_high: (_("Btw hoog te betalen"), "B"), codes.vat_low: (_("Btw laag te betalen"), "B")}
    ledger = _part(whole, "generalLedger")
    for account, (description, kind) in sorted(names.items()):
        made = _part(ledger, "ledgerAccount")
        for name, value in (("accID", account), ("accDesc", description), ("accTp", kind)):
            _part(made, name, value)
    vat_codes = _part(whole, "vatCodes")
    rates = {codes.vat_code(rate): rate for rate in VatRate.values} | {row.vat_code: row.rate for _invoice, rows in booked for row in rows}
    for code, rate in sorted(rates.items()):
        made = _part(vat_codes, "vatCode")
        _part(made, "vatID", code)
        _part(made, "vatDesc", str(VatRate(rate).label))
        if account := codes.vat_account(rate):
            _part(made, "vatToPayAccID", account)


def _transactions(whole, booked, codes, periods):
    lines = [(invoice, list(_entries(invoice, rows, codes))) for invoice, rows in booked]
    amounts = [amount for _invoice, entries in lines for _account, amount, _row in entries]
    found = _part(whole, "transactions")
    _part(found, "linesCount", str(len(amounts)))
    _part(found, "totalDebit", f"{sum((amount for amount in amounts if amount > 0), Decimal(0)):.2f}")
    _part(found, "totalCredit", f"{-sum((amount for amount in amounts if amount < 0), Decimal(0)):.2f}")
    journal = _part(found, "journal")
    for name, value in (("jrnID", codes.journal), ("desc", _("Verkoopboek")), ("jrnTp", "S")):
        _part(journal, name, value)
    for invoice, entries in lines:
        made = _part(journal, "transaction")
        day = invoice.issued_on
        for name, value in (
            ("nr", invoice.number),
            ("desc", str(invoice)),
            ("periodNumber", str(periods[day.year, day.month])),
            ("trDt", day.isoformat()),
        ):
            _part(made, name, value)
        for number, (account, amount, row) in enumerate(entries, 1):
            _entry(_part(made, "trLine"), invoice, number, account, amount, codes, row)


def _entries(invoice, rows, codes):
    """`(account, amount, booking or None)`, debit positive; nothing of zero."""
    yield from ((account, amount, None) for account, amount in [(codes.debtors, invoice.gross_total)] if amount)
    for row in rows:
        if row.net:
            yield row.account, -row.net, row
        if row.vat:
            yield codes.vat_account(row.rate), -row.vat, None


def _entry(line, invoice, number, account, amount, codes, row):
    for name, value in (
        ("nr", str(number)),
        ("accID", account),
        ("docRef", invoice.number),
        ("effDate", invoice.issued_on.isoformat()),
        ("desc", invoice.buyer.get("name", "")),
        ("amnt", f"{abs(amount):.2f}"),
        ("amntTp", "D" if amount > 0 else "C"),
        ("custSupID", customer_key(invoice.customer)),
        ("invRef", invoice.number),
    ):
        _part(line, name, value)
    if row:
        vat = _part(line, "vat")
        _part(vat, "vatID", row.vat_code)
        _part(vat, "vatPerc", f"{percent(row.rate):.3f}")
        _part(vat, "vatAmnt", f"{abs(row.vat):.2f}")
        _part(vat, "vatAmntTp", "C" if row.vat >= 0 else "D")


def _part(parent, name, text=None):
    return element(parent, f"{{{XAF}}}{name}", text)


WRITERS = {
    "csv": _csv,
    "xlsx": _xlsx,
    "xaf": _xaf,
    "eboekhouden": _eboekhouden,
    "exact": _exact,
    "moneybird": _moneybird,
}
