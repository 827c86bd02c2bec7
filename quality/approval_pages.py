"""The page of one approval, behind its signed link: what was found, what mending it costs, and two buttons."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.models import Company
from cleanconnect.links import is_signed
from cleanconnect.permissions import requires
from cleanconnect.tenancy import context
from workorders.models import WorkOrder
from workorders.photos import picture
from workorders.status import NotAllowed

from .approvals import KIND, NotOpen, decide, withdraw
from .models import Approval


def _approval(pk):
    """The approval of a link, within the block of its company; a link that was withdrawn is no longer there."""
    approvals = Approval.objects.select_related("defect", "order__vehicle__type", "order__customer__type")
    return get_object_or_404(approvals.exclude(state=Approval.State.WITHDRAWN), pk=pk)


@login_not_required
@never_cache
def page(request, company_pk, pk, signature):
    """Akkoord geven of weigeren, without a login; who, when and from where is kept."""
    if not is_signed(KIND, company_pk, pk, signature):
        raise Http404
    with context.company(company_pk):
        approval, problem = _approval(pk), ""
        answer = request.POST.get("antwoord")
        if request.method == "POST" and answer in {"ja", "nee"}:
            try:
                who = {"name": approval.order.customer.name, "ip": get_adapter().get_client_ip(request)}
                approval = decide(approval, answer == "ja", **who)
            except (NotOpen, NotAllowed) as error:
                problem = str(error)
                approval = _approval(pk)
        details = {"approval": approval, "signature": signature, "problem": problem, "sender": Company.objects.get(pk=company_pk)}
        return render(request, "quality/approval.html", details, status=409 if problem else 200)


@login_not_required
@require_safe
@cache_control(private=True, max_age=3600)
def photo(request, company_pk, pk, signature):
    """The photo of the defect, for who has the link."""
    if not is_signed(KIND, company_pk, pk, signature):
        raise Http404
    with context.company(company_pk):
        return picture(_approval(pk).defect.photo)


@requires("workorders.manage")
@require_POST
def note_answer(request, pk):
    """What the customer said by telephone; or the question is taken back."""
    approval = get_object_or_404(Approval.objects.select_related("order"), pk=pk)
    answer = request.POST.get("antwoord")
    if answer not in {"ja", "nee", "intrekken"}:
        raise Http404
    try:
        if answer == "intrekken":
            withdraw(approval, by=request.membership)
        else:
            decide(approval, answer == "ja", by=request.membership)
    except (NotOpen, NotAllowed) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Het antwoord is genoteerd."))
    return redirect("workorders:detail", approval.order_id)


@requires("quality.check")
@require_safe
def waiting(request, pk):
    """Asked by the tablet every few seconds while an order waits: it refreshes once the customer has answered."""
    order = get_object_or_404(WorkOrder, pk=pk)
    return HttpResponse(status=204) if order.status == WorkOrder.Status.WAITING else HttpResponseClientRefresh()
