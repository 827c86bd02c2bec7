"""Bank statements: each line once, matched to invoices and collections, and booked as payments."""

from collections import defaultdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Company
from cleanconnect.limits import EXCEEDED, memory_limit
from cleanconnect.progress import report
from cleanconnect.tenancy.context import current_company_id

from . import payments
from .debit import collecting
from .matching import Known, MoneyBack
from .models import READER, BankLine, BankStatement, Payment
from .statements.entries import NotAStatement
from .statements.reading import read

MAX_BYTES = 5 * 2**20
TOLD = ("account", "name", "iban", "description", "end_to_end_id", "mandate", "reference", "is_return", "return_reason")

# --- taking in ---------------------------------------------------------------------------------------------------


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

    Money that went out asks for nothing, but where it may be a refund or a payment that came back.
    """
    Company.objects.select_for_update(no_key=True).get(pk=current_company_id())  # one file at a time
    known = set(BankLine.objects.filter(fingerprint__in=[line.fingerprint for line in lines]).values_list("fingerprint", flat=True))
    new = _not_read_before([line for line in lines if line.fingerprint not in known])
    money_back = MoneyBack(new)
    for line in new:
        line.imported_by = by
        if line.amount <= 0 and not money_back.may_be(line):
            line.state = BankLine.State.IGNORED
    BankLine.objects.bulk_create(new)
    return len(new)


def _not_read_before(lines):
    """Without those that an earlier reader took in, of the same day and amount; these get to know what this reader read besides."""
    days = {line.booked_on for line in lines}
    old = defaultdict(list)
    for line in BankLine.objects.filter(reader__lt=READER, booked_on__in=days).order_by("pk"):
        old[line.booked_on, line.amount].append(line)
    new = []
    for line in lines:
        alike = [one for one in old[line.booked_on, line.amount] if not (one.account and line.account) or line.account in one.account]
        if not alike:
            new.append(line)
            continue
        before = max(alike, key=lambda one: (one.iban == line.iban, one.name == line.name, one.description == line.description))
        old[line.booked_on, line.amount].remove(before)
        for name in ("fingerprint", "reader", *TOLD):
            setattr(before, name, getattr(line, name))
        before.save(update_fields=["fingerprint", "reader", *TOLD])
    return new


# --- booking -----------------------------------------------------------------------------------------------------


def match(line):
    """What we think that a line is about, as it stands now."""
    return Known([line]).match(line)


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
def book_return(line, debit, *, by):
    """Write a line down as the storno of a collection: its invoice is open again. Returns whether it did."""
    line = BankLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    if line.state == BankLine.State.BOOKED or match(line).debit != debit:
        return False
    collecting.give_back(debit, by=by, on=line.booked_on, line=line)
    line.state = BankLine.State.BOOKED
    line.save(update_fields=["state"])
    return True


@transaction.atomic
def book_certain(*, by):
    """Book all open lines of which the match is certain; returns how many."""
    lines = list(BankLine.objects.select_for_update(no_key=True).filter(state=BankLine.State.OPEN).order_by("booked_on", "pk"))
    booked, known = [], Known(lines)
    for line in lines:
        found = known.match(line)
        if found.is_certain and book(line, found.parts, by=by):
            booked.append(line.pk)
            known.pay(invoice for invoice, _amount in found.parts)
    BankLine.objects.filter(pk__in=booked).update(certain_at=timezone.now())
    return len(booked)


def booked_as_certain():
    """The lines that the last press of *Boek alles wat zeker is* booked, and that are so still."""
    booked = BankLine.objects.filter(state=BankLine.State.BOOKED, certain_at__isnull=False)
    last = booked.order_by("-certain_at").values("certain_at")[:1]
    return booked.filter(certain_at=last)


@transaction.atomic
def unbook_certain():
    """Take the last press of *Boek alles wat zeker is* back; returns how many lines are to be processed anew."""
    lines = list(booked_as_certain().select_for_update(no_key=True))
    for line in lines:
        unbook(line)
    return len(lines)


@transaction.atomic
def unbook(line):
    """Take what was booked of a line back; it is to be processed anew."""
    line = BankLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    for debit in line.returned_debits.all():
        collecting.collect_after_all(debit)
    for payment in line.payments.all():
        payments.remove(payment)
    line.state, line.certain_at = BankLine.State.OPEN, None
    line.save(update_fields=["state", "certain_at"])
