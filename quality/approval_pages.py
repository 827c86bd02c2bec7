"""The page of one approval, behind its signed link: what was found, what mending it costs, and two buttons."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.link_pages import link_page
from cleanconnect.permissions import requires
from workorders.models import WorkOrder
from workorders.photos import picture
from workorders.status import NotAllowed

from .approvals import NotOpen, decide, withdraw
from .models import Approval

APPROVALS = Approval.objects.select_related("defect", "order__vehicle__type", "order__customer__type")


@link_page(APPROVALS)
def page(request, approval, sender):
    """Akkoord geven of weigeren, without a login; who, when and from where is kept."""
    problem, answer = "", request.POST.get("antwoord")
    if request.method == "POST" and answer in {"ja", "nee"}:
        try:
            who = {"name": approval.order.customer.name, "ip": get_adapter().get_client_ip(request)}
            decide(approval, answer == "ja", **who)
        except (NotOpen, NotAllowed) as error:
            problem = str(error)
        approval = APPROVALS.get(pk=approval.pk)
    details = {"approval": approval, "problem": problem, "sender": sender}
    return render(request, "quality/approval.html", details, status=409 if problem else 200)


@require_safe
@link_page(APPROVALS)
def photo(request, approval, sender):
    """The photo of the defect, for who has the link."""
    return picture(approval.defect.photo)


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


@requires("workorders.manage")
@require_POST
def revoke(request, pk):
    """*Link intrekken* of a question that is no longer open (that is withdrawn rather), and giving it back."""
    approval = get_object_or_404(Approval.objects.select_for_update(no_key=True), pk=pk)
    approval.switch_link()
    if approval.link_revoked_at:
        messages.success(request, _("De link in de mail over dit extra werk werkt niet meer."))
    else:
        messages.success(request, _("De link in de mail over dit extra werk werkt weer."))
    return redirect("workorders:detail", approval.order_id)


@requires("quality.check")
@require_safe
def waiting(request, pk):
    """Asked by the tablet every few seconds while an order waits: it refreshes once the customer has answered."""
    order = get_object_or_404(WorkOrder, pk=pk)
    return HttpResponse(status=204) if order.status == WorkOrder.Status.WAITING else HttpResponseClientRefresh()
