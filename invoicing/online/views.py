"""The page on which a customer pays an invoice, Mollie's news of it, and the owner's account with Mollie."""

import logging
from uuid import UUID

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.link_pages import link_page
from cleanconnect.links import is_signed
from cleanconnect.outside import Unavailable
from cleanconnect.permissions import requires
from cleanconnect.tenancy import context
from invoicing.models import Invoice, OnlinePayment, PaymentAccount

from . import links, paying
from .forms import AccountForm

logger = logging.getLogger(__name__)


@link_page(Invoice.objects.all())
def page(request, invoice, sender):
    """What is open of one invoice, behind its signed link, with the button to pay it; coming back it says how that went."""
    answer = _pay if request.method == "POST" else _page
    # A browser holds the form of the page to `form-action` also where its answer leads: to Mollie.
    return csp_update({"form-action": settings.MOLLIE_PAGES})(answer)(request, invoice, sender)


def _page(request, invoice, sender, *, is_unavailable=False):
    came_back = _came_back(request, invoice)
    if came_back and came_back.state == OnlinePayment.State.OPEN and not request.htmx:
        paying.news(came_back)
    details = {
        "invoice": invoice,
        "sender": sender,
        "can_pay": links.of_invoice(invoice) is not None,
        "payment": came_back,
        "is_unavailable": is_unavailable,
    }
    template = "invoicing/pay_online.html#standing" if request.htmx else "invoicing/pay_online.html"
    return render(request, template, details, status=503 if is_unavailable else 200)


def _pay(request, invoice, sender):
    try:
        checkout = paying.start(invoice)
    except paying.NothingToPay:
        return redirect(request.path)
    except Unavailable as error:
        logger.warning("no online payment was started: %s", error)
        return _page(request, invoice, sender, is_unavailable=True)
    return redirect(checkout)


def _came_back(request, invoice):
    """The payment from which the customer comes back, or None."""
    try:
        return invoice.online_payments.filter(uid=UUID(request.GET.get("betaling", ""))).first()
    except ValueError:
        return None


@login_not_required
@csrf_exempt
@require_POST
def webhook(request, company_pk, pk, signature):
    """Mollie says that there is news of a payment. It proves nothing: a worker asks Mollie itself. Unknown ones get no other answer."""
    if is_signed(links.NEWS, company_pk, pk, signature):
        with context.company(company_pk):
            online = OnlinePayment.objects.filter(pk=pk, mollie_id=request.POST.get("id", "")).exclude(mollie_id="").first()
            if online:
                paying.news(online)
    return HttpResponse(status=200)


@requires("invoicing.manage")
def account(request):
    """*Online betalen*: the key of Mollie, and the last payments."""
    form = AccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.membership)
        if form.cleaned_data["key"].startswith("test_"):
            messages.success(request, _("Mollie is gekoppeld met een testsleutel: betalingen zijn om te proberen, niemand betaalt echt."))
        else:
            messages.success(request, _("Uw klanten kunnen nu online betalen."))
        return redirect("invoicing:online")
    recent = OnlinePayment.objects.select_related("invoice__customer")[:25]
    details = {"form": form, "account": paying.account(), "recent": recent, "reaches_us": settings.SITE_URL.startswith("https://")}
    return render(request, "invoicing/online_account.html", details, status=422 if form.errors else 200)


@requires("invoicing.manage")
def remove_account(request):
    """*Ontkoppelen*, after asking."""
    if request.method == "POST":
        PaymentAccount.objects.all().delete()
        messages.success(request, _("Mollie is ontkoppeld; uw klanten kunnen niet meer online betalen."))
        return redirect("invoicing:online")
    return render(request, "invoicing/online_remove.html")


@requires("invoicing.manage")
def revoke_link(request, pk):
    """*Link intrekken* of the page on which an invoice is paid, after asking."""
    invoice = get_object_or_404(Invoice.objects.select_for_update(no_key=True), pk=pk)
    if not invoice.link_works:
        raise Http404
    if request.method == "POST":
        invoice.revoke_link()
        messages.success(request, _("De betaallink van %(invoice)s werkt niet meer.") % {"invoice": invoice})
        return redirect("invoicing:detail", pk)
    return render(request, "invoicing/revoke_link.html", {"invoice": invoice})


@requires("invoicing.manage")
@require_POST
def renew_link(request, pk):
    """*Nieuwe link*, after the one before was revoked."""
    invoice = get_object_or_404(Invoice.objects.select_for_update(no_key=True).exclude(link_revoked_at=None), pk=pk)
    if not invoice.has_open_link:
        raise Http404
    invoice.renew_link()
    messages.success(request, _("%(invoice)s heeft een nieuwe betaallink. Geef die zelf aan de klant.") % {"invoice": invoice})
    return redirect("invoicing:detail", pk)
