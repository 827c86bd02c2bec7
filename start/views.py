"""Startgids: a new company is ready for its first order in ten minutes."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Company, Membership
from cleanconnect.permissions import requires
from customers.models import Customer
from invoicing.parties import missing_of_seller
from services.models import Service
from workorders.models import WorkOrder

from .forms import StartForm
from .loading import Loaded, count, load


@dataclass(frozen=True)
class Step:
    title: str
    text: str
    url: str
    button: str
    is_done: bool


def _company(request):
    return Company.objects.get(pk=request.membership.company_id)


def _steps(company):
    """What is still to do, with a tick for what the company's own rows show is done."""
    return [
        Step(
            _("Bedrijfsgegevens"),
            _("Adres, KvK-nummer, btw-id, IBAN en logo: ze komen op uw facturen."),
            reverse("company-edit"),
            _("Gegevens invullen"),
            not missing_of_seller(company),
        ),
        Step(
            _("Werkzaamheden en prijzen"),
            _("Loop de handelingen na en zet er uw eigen prijzen bij."),
            reverse("services:matrix"),
            _("Prijzen nalopen"),
            Service.objects.active().exists(),
        ),
        Step(
            _("Eerste klant"),
            _("Een naam is genoeg om te beginnen."),
            reverse("customers:create"),
            _("Klant aanmaken"),
            Customer.objects.active().exists(),
        ),
        Step(
            _("Eerste werkorder"),
            _("Kenteken, werkzaamheden en datum: dan staat de auto op de lijst van vandaag."),
            reverse("workorders:create"),
            _("Werkorder aanmaken"),
            WorkOrder.objects.exists(),
        ),
        Step(
            _("Werknemers"),
            _("Zij vinken de kwaliteitscheck af op de tablet."),
            reverse("accounts:create"),
            _("Werknemer toevoegen"),
            Membership.objects.active().who_may("own_pin").exists(),
        ),
    ]


@requires("company.edit")
def guide(request):
    """The three questions, and the steps to the first order; with that order the guide is done."""
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = load(**form.cleaned_data)
        messages.success(request, _made(made) if made else _("Alles van de startset stond er al."))
        return redirect(f"{reverse('start-guide')}#stappen")
    company = _company(request)
    steps = _steps(company)
    if company.start_guide_done_at is None and WorkOrder.objects.exists():
        _finish(company)
    answers = form.cleaned_data if form.is_bound and form.is_valid() else {name: form[name].value() or [] for name in form.fields}
    context = {
        "form": form,
        "steps": steps,
        "is_loaded": Service.objects.active().exists(),
        "is_done": company.start_guide_done_at is not None,
        "expected": count(**_known(form, answers)),
    }
    return render(request, "start/guide.html", context, status=422 if form.errors else 200)


def _known(form, answers):
    """The answers that are among the choices; what else was sent does not count."""
    return {name: [key for key in answers[name] if key in dict(field.choices)] for name, field in form.fields.items()}


def _made(made):
    text = _("Klaargezet: %(types)s soorten voertuigen, %(services)s handelingen met prijs en tijd, %(checks)s controlepunten.")
    return text % {"types": made.vehicle_types, "services": made.services, "checks": made.checks}


@requires("company.edit")
def expected(request):
    """The part of the guide that says what the ticked answers give."""
    form = StartForm()
    answers = {name: request.GET.getlist(name) for name in form.fields}
    return render(request, "start/_expected.html", {"expected": count(**_known(form, answers)) if all(answers.values()) else Loaded()})


@requires("company.edit")
@require_POST
def finish(request):
    """Verder zonder startgids: it stays reachable from the account menu."""
    _finish(_company(request))
    return redirect("start")


def _finish(company):
    company.start_guide_done_at = timezone.now()
    company.save(update_fields=["start_guide_done_at"])
