"""The page on which a customer pays an invoice, Mollie's news of it, and the owner's account with Mollie."""

from uuid import UUID

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.models import Company
from cleanconnect.links import is_signed
from cleanconnect.outside import Unavailable
from cleanconnect.permissions import requires
from cleanconnect.tenancy import context
from invoicing.models import Invoice, OnlinePayment, PaymentAccount

from . import links, paying
from .forms import AccountForm


@login_not_required
@never_cache
def page(request, company_pk, pk, signature):
    """What is open of one invoice, behind its signed link, with the button to pay it; coming back it says how that went."""
    if not is_signed(links.INVOICE, company_pk, pk, signature):
        raise Http404
    with context.company(company_pk):
        invoice = Invoice.objects.filter(pk=pk, forgotten_at=None).first()
        if invoice is None:
            raise Http404
        answer = _pay if request.method == "POST" else _page
        # A browser holds the form of the page to `form-action` also where its answer leads: to Mollie.
        return csp_update({"form-action": settings.MOLLIE_PAGES})(answer)(request, invoice)


def _page(request, invoice, *, is_unavailable=False):
    came_back = _came_back(request, invoice)
    if came_back and came_back.state == OnlinePayment.State.OPEN and not request.htmx:
        paying.news(came_back)
    details = {
        "invoice": invoice,
        "sender": Company.objects.get(pk=invoice.company_id),
        "can_pay": links.of_invoice(invoice) is not None,
        "payment": came_back,
        "is_unavailable": is_unavailable,
    }
    template = "invoicing/pay_online.html#standing" if request.htmx else "invoicing/pay_online.html"
    return render(request, template, details, status=503 if is_unavailable else 200)


def _pay(request, invoice):
    try:
        checkout = paying.start(invoice)
    except paying.NothingToPay:
        return redirect(request.path)
    except Unavailable:
        return _page(request, invoice, is_unavailable=True)
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
