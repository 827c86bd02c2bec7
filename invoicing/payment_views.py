"""Betalingen: typed by hand, and bank statements with the invoices we think they pay."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from cleanconnect import jobs
from cleanconnect.money import euro
from cleanconnect.permissions import requires
from cleanconnect.progress import progress
from cleanconnect.views import Delete, Overview

from . import bank, payments, sheets, tasks
from .debit.collecting import batches_of
from .filters import BankFilter
from .forms import BankForm, InvoiceNumberForm, PaymentForm
from .matching import Known
from .models import BankLine, BankStatement, Debit, DebitBatch, Invoice, Payment
from .views import detail_context


@requires("invoicing.manage")
@require_POST
def pay(request, pk):
    invoice = get_object_or_404(Invoice.objects.select_for_update(no_key=True), pk=pk)  # what is open stays so until this is booked
    form = PaymentForm(request.POST, invoice=invoice)
    if not form.is_valid():
        return render(request, "invoicing/detail.html", detail_context(request, invoice, form), status=422)
    typed = form.cleaned_data
    payments.register(
        invoice,
        form.signed_amount(),
        on=typed["paid_on"],
        method=typed["method"],
        note=typed["note"],
        key=typed["key"],
        by=request.membership,
    )
    invoice.refresh_from_db()
    messages.success(request, _noted(invoice, is_back=form.signed_amount() < 0))
    return redirect("invoicing:detail", pk)


def _noted(invoice, *, is_back):
    """What is so now that a payment was written down."""
    if invoice.is_credit_note and invoice.paid_on:
        text = _("%(invoice)s is terugbetaald.")
    elif is_back:
        text = _("De terugbetaling van %(invoice)s is genoteerd.")
    elif invoice.open_total > 0:
        text = _("De betaling van %(invoice)s is genoteerd; nog open is %(open)s.")
    elif invoice.overpaid:
        text = _("%(invoice)s is betaald; er is %(overpaid)s te veel ontvangen.")
    else:
        text = _("%(invoice)s is betaald.")
    return text % {"invoice": invoice, "open": euro(invoice.open_total), "overpaid": euro(invoice.overpaid)}


@requires("invoicing.manage")
class RemovePayment(Delete):
    template_name = "invoicing/payment_remove.html"
    queryset = Payment.objects.filter(method__in=Payment.REMOVABLE).select_related("invoice")

    def get_success_url(self):
        return reverse("invoicing:detail", args=[self.object.invoice_id])

    def remove(self):
        payments.remove(self.object)


@requires("invoicing.manage")
class BankOverview(Overview):
    """The lines of statements, what is to be processed first, each with what we think it pays."""

    sheet = sheets.BANK
    filterset_class = BankFilter
    template_name = "invoicing/bank.html"
    queryset = BankLine.objects.prefetch_related("payments__invoice", "returned_debits__invoice")
    form = None

    def post(self, request):
        """Keep a statement for a worker to read; what is wrong at first sight is said at its field."""
        self.form = BankForm(request.POST, request.FILES)
        if not self.form.is_valid():
            response = self.get(request)
            response.status_code = 422
            return response
        statement = self.form.save(by=request.membership)
        jobs.add(tasks.read_statement, statement)
        jobs.add(tasks.forget_statement, statement, after=tasks.STATEMENT_KEPT_FOR)
        return redirect("invoicing:bank-statement", statement.pk)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs) | {"form": self.form or BankForm()}
        certain = 0
        to_process = [line for line in context["object_list"] if line.state == BankLine.State.OPEN]
        known = Known(to_process)
        batches = batches_of([line.amount for line in to_process])
        for line in to_process:
            line.match = known.match(line)
            line.batch = None if line.match.parts else batches.get(line.amount)
            certain += line.match.is_certain
        return context | {"certain": certain, "booked_as_certain": bank.booked_as_certain().count()}


@requires("invoicing.manage")
@require_safe
def bank_statement(request, pk):
    """A statement that is being read, and then the lines; the bar asks again every second."""
    statement = get_object_or_404(BankStatement, pk=pk)
    is_bar = request.htmx and not request.htmx.boosted
    if statement.state == BankStatement.State.READING:
        page = "invoicing/bank_statement.html"
        return render(request, f"{page}#bar" if is_bar else page, {"statement": statement, "percent": progress(statement)})
    if is_bar:
        return HttpResponseClientRedirect(request.path)
    if statement.state == BankStatement.State.FAILED:
        return render(request, "invoicing/bank_statement.html", {"statement": statement, "form": BankForm()})
    new, known = statement.new_count, statement.line_count - statement.new_count
    text = _("Er is niets nieuws ingelezen.")
    if new:
        text = ngettext("%(count)s regel ingelezen.", "%(count)s regels ingelezen.", new) % {"count": new}
    if known:
        text += " " + ngettext("%(count)s regel was er al.", "%(count)s regels waren er al.", known) % {"count": known}
    (messages.success if new else messages.info)(request, text)
    return redirect("invoicing:bank")


@requires("invoicing.manage")
@require_POST
def bank_book_certain(request):
    count = bank.book_certain(by=request.membership)
    if count:
        messages.success(request, ngettext("%(count)s regel geboekt.", "%(count)s regels geboekt.", count) % {"count": count})
    else:
        messages.info(request, _("Er is niets geboekt: van geen enkele regel is het zeker."))
    return redirect("invoicing:bank")


@requires("invoicing.manage")
@require_POST
def bank_unbook_certain(request):
    """*Terugdraaien* of all that the last press on *Boek alles wat zeker is* booked."""
    count = bank.unbook_certain()
    if count:
        text = ngettext("%(count)s regel is weer te verwerken.", "%(count)s regels zijn weer te verwerken.", count)
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("Er is niets meer terug te draaien."))
    return redirect("invoicing:bank")


@requires("invoicing.manage")
@require_POST
@transaction.atomic
def bank_book(request, pk):
    """As we think it is; when that changed meanwhile nothing is booked."""
    line = get_object_or_404(BankLine, pk=pk)
    found = bank.match(line)
    seen = request.POST.get("numbers", "")
    if " ".join(invoice.number for invoice, _amount in found.parts) == seen and bank.book(line, found.parts, by=request.membership):
        messages.success(request, _("Geboekt op %(numbers)s.") % {"numbers": seen.replace(" ", ", ")})
    else:
        messages.error(request, _("Deze regel of deze factuur is intussen veranderd; kijk opnieuw."))
    return redirect("invoicing:bank")


@requires("invoicing.manage")
@require_POST
def bank_book_batch(request, pk, batch_pk):
    """The money of a direct debit, of which the bank names the batch and not the invoices."""
    batch = get_object_or_404(DebitBatch, pk=batch_pk)
    if bank.book_batch(get_object_or_404(BankLine, pk=pk), batch, by=request.membership):
        messages.success(request, _("Incassobatch %(batch)s is geboekt; de facturen zijn betaald.") % {"batch": batch})
    else:
        messages.error(request, _("Deze regel of deze batch is intussen veranderd; kijk opnieuw."))
    return redirect("invoicing:bank")


@requires("invoicing.manage")
@require_POST
def bank_book_return(request, pk, debit_pk):
    """*Storno boeken*: a collection that came back, as the statement tells."""
    debit = get_object_or_404(Debit.objects.select_related("invoice"), pk=debit_pk)
    if bank.book_return(get_object_or_404(BankLine, pk=pk), debit, by=request.membership):
        messages.success(request, _("De incasso van %(invoice)s is gestorneerd.") % {"invoice": debit.invoice})
    else:
        messages.error(request, _("Deze regel of deze incasso is intussen veranderd; kijk opnieuw."))
    return redirect("invoicing:bank")


@requires("invoicing.manage")
def bank_choose(request, pk):
    """*Andere factuur*: the owner says which invoice a line pays."""
    line = get_object_or_404(BankLine, pk=pk, state__in=[BankLine.State.OPEN, BankLine.State.IGNORED])
    form = InvoiceNumberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if bank.book(line, [(form.cleaned_data["number"], line.amount)], by=request.membership):
            messages.success(request, _("Geboekt op %(numbers)s.") % {"numbers": form.cleaned_data["number"].number})
        else:
            messages.error(request, _("Deze regel is intussen al geboekt; kijk opnieuw."))
        return redirect("invoicing:bank")
    return render(request, "invoicing/bank_choose.html", {"line": line, "form": form}, status=422 if form.errors else 200)


@requires("invoicing.manage")
@require_POST
@transaction.atomic
def bank_ignore(request, pk):
    """Or, of what was ignored, back to what is to be processed."""
    line = get_object_or_404(BankLine.objects.select_for_update(no_key=True), pk=pk)
    other = {BankLine.State.OPEN: BankLine.State.IGNORED, BankLine.State.IGNORED: BankLine.State.OPEN}
    line.state = other.get(line.state, line.state)
    line.save(update_fields=["state"])
    return redirect("invoicing:bank")


@requires("invoicing.manage")
@require_POST
def bank_unbook(request, pk):
    bank.unbook(get_object_or_404(BankLine, pk=pk, state=BankLine.State.BOOKED))
    messages.success(request, _("De regel is weer te verwerken."))
    return redirect("invoicing:bank")
