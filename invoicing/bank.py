"""Bank statements: read from CAMT.053 or MT940, each line once, matched to invoices by number, amount and IBAN."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256

import mt940
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Company
from cleanconnect.limits import EXCEEDED, memory_limit
from cleanconnect.progress import report
from cleanconnect.tenancy.context import current_company_id

from . import camt, payments
from .debit import collecting
from .models import BankLine, BankStatement, Invoice, Payment

MAX_BYTES = 5 * 2**20
FIELDS = ("account", "booked_on", "amount", "name", "iban", "description")
IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\b")


class NotAStatement(Exception):
    """The message is for the screen."""


# --- reading -----------------------------------------------------------------------------------------------------


def read(data):
    """The lines of a statement as `BankLine`s that are not saved, from the bytes of a file. Raises `NotAStatement`."""
    try:
        found = list(_camt(data) if _is_xml(data) else _mt940(data))
    except (NotAStatement, *EXCEEDED):
        raise
    except Exception:  # whatever a library stumbles over in a file that is none
        raise NotAStatement(_("Dit bestand kunnen we niet lezen. Download bij uw bank een afschrift als CAMT.053 of MT940.")) from None
    if not found:
        raise NotAStatement(_("In dit bestand staat geen enkele overboeking."))
    return _once(found)


def _camt(data):
    try:
        for found in camt.transactions(data):
            if found.currency not in ("EUR", "") or found.status == "PDNG":
                continue
            yield _line(
                found.account,
                date.fromisoformat(found.booked_on[:10]),
                _amount(found.amount) * (1 if found.is_incoming else -1),
                found.name,
                found.iban,
                found.description,
            )
    except camt.NotCamt:
        raise NotAStatement(_("Dit is geen bankafschrift. Download bij uw bank een afschrift als CAMT.053 of MT940.")) from None


def _mt940(data):
    text = data.decode("utf-8", errors="replace")
    if ":20:" not in text or ":60" not in text:
        raise NotAStatement(_("Dit is geen bankafschrift. Download bij uw bank een afschrift als CAMT.053 of MT940."))
    for statement in mt940.parse_statements(text):
        account = (statement.data.get("account_identification") or "").split()[:1]
        for found in statement:
            about = found.data
            if about["amount"].currency != "EUR":
                continue
            details = " ".join(filter(None, [about.get("transaction_details"), about.get("extra_details"), about.get("purpose")]))
            yield _line(
                account[0].split("/")[0] if account else "",
                about["date"],
                about["amount"].amount,
                about.get("applicant_name") or _tagged(details, "NAME"),
                about.get("applicant_iban") or next(iter(IBAN.findall(details)), ""),
                _tagged(details, "REMI") or details,
            )


def _tagged(details, name):
    """What stands behind `/NAME/` in the structured text of Dutch banks."""
    found = re.search(rf"/{name}/(.*?)(?=/[A-Z]{{2,8}}/|$)", details.replace("\n", ""), re.DOTALL)
    return found[1].removeprefix("USTD//").strip(" /") if found else ""


def _amount(text):
    try:
        return Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise NotAStatement(_("In dit bestand staat een bedrag dat geen getal is.")) from None


def _line(account, booked_on, amount, name, iban, description):
    words = " ".join(description.split())
    return BankLine(
        account=account[:34], booked_on=booked_on, amount=amount, name=name[:140], iban=iban.replace(" ", "")[:34], description=words[:600]
    )


def _once(lines):
    """Each with its fingerprint; lines of a file that are wholly alike are told apart by their count."""
    seen = Counter()
    for line in lines:
        said = "|".join(str(getattr(line, name)) for name in FIELDS)
        seen[said] += 1
        line.fingerprint = sha256(f"{said}|{seen[said]}".encode()).hexdigest()
    return lines


def refuse_at_sight(data):
    """Raise `NotAStatement` when it is neither XML nor MT940, without reading it."""
    if not _is_xml(data) and (b":20:" not in data or b":60" not in data):
        raise NotAStatement(_("Dit is geen bankafschrift. Download bij uw bank een afschrift als CAMT.053 of MT940."))


def _is_xml(data):
    return data[:100].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")


def take_in(statement):
    """Read an uploaded statement and keep the lines that are new, or say on it why not; its file is needed no longer."""
    if statement.state != BankStatement.State.READING:
        return
    try:
        with statement.file.open("rb") as file, memory_limit():
            lines = read(file.read())
    except NotAStatement as no:
        statement.state, statement.failure = BankStatement.State.FAILED, str(no)[:500]
    except EXCEEDED:
        statement.state = BankStatement.State.FAILED
        statement.failure = _("Het lezen van dit afschrift duurt te lang. Download bij uw bank een kortere periode.")
    else:
        report(statement, 50)
        statement.line_count, statement.new_count = len(lines), keep(lines, by=statement.created_by)
        statement.state = BankStatement.State.DONE
    name, storage = statement.file.name, statement.file.storage
    statement.file = ""
    statement.save()
    transaction.on_commit(lambda: storage.delete(name), robust=True)


def forget(statement):
    """Take an upload away, with its file if it still has one."""
    name, storage = statement.file.name, statement.file.storage
    statement.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)


@transaction.atomic
def keep(lines, *, by):
    """Save the lines that were not here yet, also when the same file comes twice at once; returns how many those are.

    Money that went out for no credit note asks for nothing.
    """
    Company.objects.select_for_update(no_key=True).get(pk=current_company_id())  # one file at a time
    known = set(BankLine.objects.filter(fingerprint__in=[line.fingerprint for line in lines]).values_list("fingerprint", flat=True))
    new = [line for line in lines if line.fingerprint not in known]
    open_invoices = list(Invoice.objects.outstanding())
    for line in new:
        line.imported_by = by
        if line.amount <= 0 and not match(line, open_invoices).parts:
            line.state = BankLine.State.IGNORED
    BankLine.objects.bulk_create(new)
    return len(new)


# --- matching ----------------------------------------------------------------------------------------------------


@dataclass
class Match:
    """Which invoices a line pays, `[(invoice, amount), …]`, whether that is certain, and why we think so."""

    parts: list = field(default_factory=list)
    is_certain: bool = False
    why: str = ""


def _bare(text):
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def match(line, invoices):
    """The `Match` of a line among these open invoices, each with its customer.

    Certain is only: the numbers of one customer's invoices stand in the text, and the amount is theirs together.
    """
    same_way = [invoice for invoice in invoices if (invoice.open_total > 0) == (line.amount > 0)]
    text = _bare(f"{line.description} {line.name}")
    named = [invoice for invoice in same_way if _bare(invoice.number) in text]
    named = [one for one in named if not any(_bare(one.number) in _bare(other.number) for other in named if other is not one)]
    if named:
        total = sum(invoice.open_total for invoice in named)
        if total == line.amount:
            one_customer = len({invoice.customer_id for invoice in named}) == 1
            return Match([(invoice, invoice.open_total) for invoice in named], one_customer, _("nummer en bedrag kloppen"))
        if len(named) == 1:
            why = _("nummer klopt, het bedrag niet")
            return Match([(named[0], line.amount)], False, why)
    by_amount = [invoice for invoice in same_way if invoice.open_total == line.amount]
    by_iban = [invoice for invoice in by_amount if line.iban and invoice.customer.iban == line.iban]
    if len(by_iban) == 1:
        return Match([(by_iban[0], line.amount)], False, _("IBAN en bedrag kloppen"))
    if len(by_amount) == 1:
        return Match([(by_amount[0], line.amount)], False, _("alleen het bedrag klopt"))
    return Match()


@transaction.atomic
def book(line, parts, *, by):
    """Write a line down as payments of these invoices, `[(invoice, amount), …]`; the rest is on the last. Returns whether it did."""
    line = BankLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    if line.state == BankLine.State.BOOKED or not parts:
        return False
    *others, (last, _amount_of_last) = parts
    rest = line.amount - sum(amount for _invoice, amount in others)
    note = (line.name or line.description)[:140]
    for invoice, amount in [*others, (last, rest)]:
        if amount:
            payments.register(invoice, amount, on=line.booked_on, method=Payment.Method.BANK, by=by, note=note, bank_line=line)
    line.state = BankLine.State.BOOKED
    line.save(update_fields=["state"])
    return True


@transaction.atomic
def book_batch(line, batch, *, by):
    """Write a line down as the money of a direct debit: all of the batch's invoices are paid. Returns whether it did."""
    line = BankLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    if line.state == BankLine.State.BOOKED or collecting.batches_of([line.amount]).get(line.amount) != batch:
        return False
    collecting.book(batch, by=by)
    line.state = BankLine.State.BOOKED
    line.save(update_fields=["state"])
    return True


@transaction.atomic
def book_certain(*, by):
    """Book all open lines of which the match is certain; returns how many."""
    count = 0
    for line in BankLine.objects.select_for_update(no_key=True).filter(state=BankLine.State.OPEN).order_by("booked_on", "pk"):
        found = match(line, list(Invoice.objects.outstanding()))  # anew: a line before may have paid it
        count += found.is_certain and book(line, found.parts, by=by)
    return count


@transaction.atomic
def unbook(line):
    """Take the payments of a line back; it is to be processed anew."""
    for payment in line.payments.all():
        payments.remove(payment)
