"""Facturen: what is still to be invoiced, and the invoices; an issued invoice itself never changes."""

from contextlib import ExitStack

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from cleanconnect import jobs
from cleanconnect.permissions import may, requires
from cleanconnect.texts import file_name
from cleanconnect.views import Overview
from customers.contacts import recipient
from customers.models import Customer
from notifications.models import Message
from workorders.models import WorkOrder
from workorders.status import NotAllowed

from . import collecting, sending, sheets, tasks, ubl, vat_return
from .crediting import issue_credit_note
from .filters import InvoiceFilter, ToInvoiceFilter
from .forms import ChosenOrders, CreditForm, FreeInvoiceForm, PaymentForm, RunForm
from .models import Invoice, InvoiceRun
from .online.links import can_have_link, of_invoice
from .parties import missing_of_buyer, missing_of_seller

LINES_SHOWN = 500


@requires("invoicing.manage")
class ToInvoice(Overview):
    """Per customer the finished orders without an invoice, the longest waiting first."""

    sheet = sheets.TO_INVOICE
    filterset_class = ToInvoiceFilter
    template_name = "invoicing/to_invoice.html"
    queryset = collecting.customers_to_invoice().order_by("oldest", "pk")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs) | {"missing": missing_of_seller(self.request.membership.company)}
        open_runs = InvoiceRun.objects.exclude(state=InvoiceRun.State.DONE)
        return context | {"waiting": collecting.waiting(), "run_form": RunForm(), "open_runs": open_runs}


@requires("invoicing.manage")
def choose_orders(request, pk):
    customer = get_object_or_404(Customer.objects.select_related("type"), pk=pk)
    form = ChosenOrders(request.POST if request.method == "POST" else None, customer=customer)
    if request.method == "POST" and form.is_valid():
        how = {"by": request.membership, "discount": form.discount()}
        return _issue(request, customer, lambda: collecting.issue_invoice(customer, form.cleaned_data["orders"], **how))
    rows = list(form.rows())
    context = {
        "customer": customer,
        "form": form,
        "rows": rows,
        "more_months": len({timezone.localdate(order.completed_at).replace(day=1) for order in rows}) > 1,
        "missing_of_seller": missing_of_seller(request.membership.company),
        "missing_of_buyer": missing_of_buyer(customer),
    }
    return render(request, "invoicing/choose_orders.html", context, status=422 if form.errors else 200)


@requires("invoicing.manage")
def free_invoice(request):
    """*Losse factuur*: an invoice of lines that belong to no order."""
    if {"meer", "klant"} & request.POST.keys():
        form = FreeInvoiceForm(typed=request.POST)
    else:
        form = FreeInvoiceForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            customer = form.cleaned_data["customer"]
            how = {name: form.cleaned_data[name] for name in ("reference", "key")} | form.supplied()
            how |= {"discount": form.discount(), "by": request.membership}
            return _issue(request, customer, lambda: collecting.issue_free_invoice(customer, form.filled(), **how))
    context = {"form": form, "missing": missing_of_seller(request.membership.company)}
    return render(request, "invoicing/free_invoice.html", context, status=422 if form.is_bound else 200)


@requires("invoicing.manage")
@require_POST
def invoice_all(request, pk):
    customer = get_object_or_404(Customer, pk=pk)
    orders = collecting.to_invoice().filter(customer=customer)
    return _issue(request, customer, lambda: collecting.issue_invoice(customer, orders, by=request.membership))


@requires("invoicing.manage")
@require_POST
def from_order(request, pk):
    order = get_object_or_404(WorkOrder.objects.active().select_related("customer"), pk=pk)
    return _issue(request, order.customer, lambda: collecting.issue_invoice(order.customer, [order], by=request.membership))


@requires("invoicing.manage")
@require_POST
def deliver(request, pk):
    """At the counter: the car is handed over and the invoice mailed, in one press."""
    order = get_object_or_404(WorkOrder.objects.active().select_related("customer"), pk=pk)
    try:
        return _issue(request, order.customer, lambda: collecting.deliver_and_invoice(order, by=request.membership))
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect("workorders:detail", pk)


def _issue(request, customer, make):
    """Make the invoice and show it, or only its preview (`voorbeeld`); or say why it may not be and where that can be mended."""
    is_preview = "voorbeeld" in request.POST
    try:
        made = sending.preview(make) if is_preview else make()
    except collecting.InvoicingError as error:
        mend = {
            collecting.SellerIncomplete: (reverse("company-edit"), _("Bedrijfsgegevens aanvullen")),
            collecting.BuyerIncomplete: (reverse("customers:edit", args=[customer.pk]), _("Klantgegevens aanvullen")),
        }.get(type(error))
        return render(request, "invoicing/refused.html", {"error": error, "mend": mend}, status=422)
    if is_preview:
        return HttpResponse(made, content_type="application/pdf")
    messages.success(request, _issued(made))
    return redirect("invoicing:detail", made.pk)


def _issued(invoice):
    """What becomes of an invoice or a credit note that was made."""
    is_mailed = recipient(invoice.customer, "invoices") is not None
    by_hand = _("%(invoice)s is gemaakt. De klant heeft geen e-mailadres; geef of stuur de PDF zelf.")
    return (_("%(invoice)s is gemaakt en wordt verstuurd.") if is_mailed else by_hand) % {"invoice": invoice}


@requires("invoicing.manage")
def credit(request, pk):
    """*Crediteren*: the whole invoice, some of its lines, or a part of those."""
    invoice = get_object_or_404(Invoice, pk=pk, kind=Invoice.Kind.INVOICE, credited_on=None, forgotten_at=None)
    form = CreditForm(request.POST if request.method == "POST" else None, invoice=invoice)
    if request.method == "POST" and form.is_valid():
        try:
            why = {name: form.cleaned_data[name] for name in ("reason", "release")}
            note = issue_credit_note(invoice, form.parts(), **why, by=request.membership)
        except collecting.InvoicingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _issued(note))
            return redirect("invoicing:detail", note.pk)
    context = {"invoice": invoice, "form": form, "rows": list(form.rows())}
    return render(request, "invoicing/credit.html", context, status=422 if form.errors else 200)


@requires("invoicing.view")
class InvoiceOverview(Overview):
    sheet = sheets.INVOICES
    filterset_class = InvoiceFilter
    template_name = "invoicing/overview.html"
    queryset = Invoice.objects.select_related("customer")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if may(self.request.membership, "notifications.view"):
            context["not_arrived"] = Message.objects.not_arrived().filter(event__in=sending.MAILED).count()
        return context


@requires("invoicing.view")
@require_safe
def detail(request, pk):
    invoice = get_object_or_404(Invoice.objects.select_related("credits").prefetch_related("lines", "reminders"), pk=pk)
    return render(request, "invoicing/detail.html", detail_context(request, invoice, PaymentForm(invoice=invoice)))


def detail_context(request, invoice, form):
    context = {
        "invoice": invoice,
        "form": form,
        "lines": invoice.lines.all()[:LINES_SHOWN],
        "more_lines": max(len(invoice.lines.all()) - LINES_SHOWN, 0),
        "credit_notes": invoice.credit_notes.order_by("pk"),
        "payments": invoice.payments.select_related("set_off"),
        "reminders": invoice.reminders.all(),
        "pay_url": of_invoice(invoice),
    }
    if may(request.membership, "invoicing.manage"):
        mail = Message.objects.filter(event__in=sending.EVENTS, event_key=str(invoice.pk)).first()
        context |= {
            "mail": mail,
            "has_email": mail is not None or recipient(invoice.customer, "invoices") is not None,
            "wants_ubl": ubl.is_wanted(invoice),
            "can_have_link": context["pay_url"] is not None or can_have_link(invoice),
        }
        if context["wants_ubl"] and not invoice.ubl:
            context["missing_for_ubl"] = ubl.missing(invoice)
    return context


@requires("invoicing.view")
@require_safe
@cache_control(private=True, max_age=0)
def download_ubl(request, pk):
    """The e-invoice (UBL)."""
    invoice = get_object_or_404(Invoice.objects.exclude(ubl=""), pk=pk, forgotten_at=None)
    if not default_storage.exists(invoice.ubl.name):
        raise Http404
    return FileResponse(invoice.ubl.open(), content_type="application/xml", as_attachment=True, filename=file_name(f"{invoice}.xml"))


@requires("invoicing.manage")
@require_POST
@transaction.atomic
def retry_pdf(request, pk):
    """*Opnieuw proberen*: of an invoice of which the PDF was given up."""
    invoice = get_object_or_404(Invoice.objects.select_for_update(no_key=True).exclude(failure=""), pk=pk, pdf="")
    invoice.failure = ""
    invoice.save(update_fields=["failure"])
    jobs.add(tasks.make_pdf, invoice)
    return redirect("invoicing:pdf", pk)


@requires("invoicing.manage")
@require_POST
def make_ubl(request, pk):
    """*E-factuur maken*: of an invoice of which something was missing when it was sent."""
    with ExitStack() as undo:
        if sending.make_ubl(get_object_or_404(Invoice, pk=pk), undo=undo):
            messages.success(request, _("De e-factuur is gemaakt."))
        else:
            messages.error(request, _("De e-factuur kan nog niet worden gemaakt; kijk wat er ontbreekt."))
        undo.pop_all()
    return redirect("invoicing:detail", pk)


@requires("invoicing.view")
@require_safe
@cache_control(private=True, max_age=0)
def download(request, pk):
    """The PDF; until a worker has made it, a page that asks again every two seconds."""
    invoice = get_object_or_404(Invoice, pk=pk, forgotten_at=None)
    if not invoice.pdf:
        if invoice.failure:
            page = render(request, "invoicing/pdf_failed.html", {"invoice": invoice})
            return HttpResponseClientRedirect(request.path) if request.htmx else page
        template = "invoicing/pdf_waiting.html#waiting" if request.htmx else "invoicing/pdf_waiting.html"
        return render(request, template, {"invoice": invoice}, status=202)
    if request.htmx:
        return HttpResponseClientRedirect(request.path)
    if not default_storage.exists(invoice.pdf.name):
        raise Http404
    return FileResponse(invoice.pdf.open(), content_type="application/pdf", filename=file_name(f"{invoice}.pdf"))


@requires("books.see")
@require_safe
def vat_overview(request):
    """*Btw*: a quarter in the boxes of the return; `?kwartaal=2026-4`, else the last one that is over."""
    all_of_them = vat_return.quarters()
    chosen = next((one for one in all_of_them if f"{one.year}-{one.number}" == request.GET.get("kwartaal")), None)
    quarter = chosen or (all_of_them[1] if len(all_of_them) > 1 else all_of_them[0])
    boxes, totals = vat_return.boxes(quarter), vat_return.totals(quarter)
    adds_up = (sum(box.base for box in boxes), sum(box.vat for box in boxes)) == (totals["net"], totals["vat"])
    context = {"quarters": all_of_them, "quarter": quarter, "boxes": boxes, "totals": totals, "adds_up": adds_up}
    supplied = vat_return.supplied(quarter)
    context |= {"supplied": supplied, "supplied_total": sum(row.base for row in supplied)}
    return render(request, "invoicing/vat_overview.html", context)
