"""Offertes: made and sent by the owner, answered by the customer behind a signed link."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.link_pages import link_page
from cleanconnect.permissions import requires
from cleanconnect.views import Delete, Overview

from . import offering, sheets
from .filters import QuoteFilter
from .forms import QuoteForm, RefuseForm, VehicleForm
from .models import Quote

SENT = Quote.objects.select_related("customer__type").prefetch_related("lines")


@requires("quotes.manage")
class QuoteOverview(Overview):
    sheet = sheets.QUOTES
    filterset_class = QuoteFilter
    template_name = "quotes/overview.html"
    queryset = Quote.objects.select_related("customer").with_net()


@requires("quotes.manage")
def create(request):
    return _edit(request, None)


@requires("quotes.manage")
def edit(request, pk):
    return _edit(request, get_object_or_404(Quote, pk=pk, state=Quote.State.DRAFT))


def _edit(request, quote):
    if {"meer", "toevoegen", "klant"} & request.POST.keys():
        form = QuoteForm(quote=quote, typed=request.POST)
    else:
        form = QuoteForm(request.POST if request.method == "POST" else None, quote=quote)
        if request.method == "POST" and form.is_valid():
            try:
                made = offering.save(form.made(), form.filled(), by=request.membership)
            except offering.NotAllowed as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("%(quote)s is opgeslagen.") % {"quote": made})
                return redirect("quotes:detail", made.pk)
    return render(request, "quotes/edit.html", {"form": form, "quote": quote}, status=422 if form.is_bound else 200)


@requires("quotes.manage")
@require_safe
def detail(request, pk):
    quote = get_object_or_404(Quote.objects.select_related("customer__type", "vehicle_type", "order").prefetch_related("lines"), pk=pk)
    initial = {"plate": quote.plate, "type": quote.vehicle_type}
    return _detail(request, quote, VehicleForm(initial=initial))


def _detail(request, quote, form):
    details = {"quote": quote, "totals": quote.totals(), "form": form}
    return render(request, "quotes/detail.html", details, status=422 if form.errors else 200)


@requires("quotes.manage")
class Remove(Delete):
    """Only of a draft; what was sent is kept."""

    queryset = Quote.objects.filter(state=Quote.State.DRAFT)
    template_name = "quotes/remove.html"
    success_url = reverse_lazy("quotes:overview")

    def remove(self):
        self.object.delete()


def _act(request, pk, act, done):
    """Do something with a quote, and say so or why it may not be."""
    try:
        quote = act(get_object_or_404(Quote, pk=pk))
    except offering.NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done(quote))
    return redirect("quotes:detail", pk)


@requires("quotes.manage")
@require_POST
def send(request, pk):
    mailed, by_hand = _("%(quote)s wordt verstuurd."), _("%(quote)s staat open; de klant heeft geen e-mailadres, dus geef zelf de link.")
    return _act(request, pk, offering.send, lambda quote: (mailed if quote.is_mailed else by_hand) % {"quote": quote})


@requires("quotes.manage")
@require_POST
def take_back(request, pk):
    return _act(request, pk, offering.take_back, lambda quote: _("%(quote)s is weer een concept.") % {"quote": quote})


@requires("quotes.manage")
def revoke_link(request, pk):
    """*Link intrekken*, after asking."""
    quote = get_object_or_404(Quote, pk=pk)
    if request.method == "POST":
        return _act(request, pk, offering.revoke, lambda quote: _("De link naar %(quote)s werkt niet meer.") % {"quote": quote})
    if not quote.link_works:
        raise Http404
    return render(request, "quotes/revoke_link.html", {"quote": quote})


@requires("quotes.manage")
@require_POST
def note_answer(request, pk):
    """What the customer said by telephone or at the counter."""
    if request.POST.get("antwoord") not in {"ja", "nee"}:
        raise Http404
    accepts = request.POST["antwoord"] == "ja"
    return _act(
        request, pk, lambda quote: offering.answer(quote, accepts, by=request.membership), lambda quote: _("Het antwoord is genoteerd.")
    )


@requires("quotes.manage")
@require_POST
def make_order(request, pk):
    """*Werkorder maken*: of an accepted quote, for the vehicle that is typed."""
    quote = get_object_or_404(Quote.objects.select_related("customer__type"), pk=pk)
    form = VehicleForm(request.POST)
    if form.is_valid():
        try:
            order = offering.make_order(quote, vehicle=form.vehicle(), by=request.membership)
        except ValidationError as error:
            for field, problems in error.message_dict.items():
                form.add_error(field if field in form.fields else "plate", problems)
        except offering.NotAllowed as error:
            messages.error(request, str(error))
            return redirect("quotes:detail", pk)
        else:
            messages.success(request, _("%(order)s is gemaakt.") % {"order": order})
            return redirect("workorders:detail", order.pk)
    return _detail(request, quote, form)


@link_page(SENT)
def page(request, quote, sender):
    """The quote for the customer, without a login: accepted or refused with one press; who, when and from where is kept."""
    problem = ""
    form = RefuseForm(request.POST if request.method == "POST" else None)
    answer = request.POST.get("antwoord")
    if request.method == "POST" and answer in {"ja", "nee"} and form.is_valid():
        who = {"name": quote.customer.name, "ip": get_adapter().get_client_ip(request)}
        try:
            offering.answer(quote, answer == "ja", reason=form.cleaned_data["reason"], seen=request.POST.get("seen", ""), **who)
        except offering.NotAllowed as error:
            problem = str(error)
        quote = SENT.get(pk=quote.pk)
    details = {"quote": quote, "totals": quote.totals(), "sender": sender, "form": form, "problem": problem}
    return render(request, "quotes/page.html", details, status=409 if problem else 422 if form.errors else 200)
