"""Kwaliteitscheck in the wash hall, on a tablet: the cars of today, the check of one, what is found, and gereed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from cleanconnect.permissions import requires
from cleanconnect.views import Overview
from workorders.car import drawing
from workorders.models import WorkOrder
from workorders.sheets import ORDERS
from workorders.status import NotAllowed
from workorders.working import start, stop, worked_minutes

from .checking import Checklist, NotAnswerable, answer, busy_first, with_progress
from .completion import NotReady, NotReopenable, complete, may_reopen, reopen
from .filters import TodayFilter
from .forms import AnswerForm, DefectForm
from .mails import reaches
from .models import Approval, ChecklistItem, TabletAction
from .order_page import read
from .replay import TooLate, from_tablet
from .reporting import report


def order_in_hall(pk):
    orders = WorkOrder.objects.active().for_overview().select_related("completed_by", "bay").with_minutes()
    return get_object_or_404(orders, pk=pk)


@requires("quality.check")
class Today(Overview):
    """Vandaag: what is in progress, planned for today or left over, or finished today."""

    filterset_class = TodayFilter
    sheet = ORDERS
    template_name = "quality/today.html"
    paginate_by = 24

    def get_queryset(self):
        orders = WorkOrder.objects.for_day(timezone.localdate()).for_overview().select_related("bay")
        return busy_first(with_progress(orders)).prefetch_related("assignments__membership")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs) | {"today": timezone.localdate()}
        if self.request.membership.may("workorders.manage"):
            context["kept"] = TabletAction.objects.filter(outcome=TabletAction.Outcome.KEPT).count()
        return context


@requires("quality.check")
def check(request, pk):
    order = order_in_hall(pk)
    read(order, request.membership)
    context = {
        "order": order,
        "checklist": Checklist(order),
        "lines": order.lines.all(),
        "defects": order.defects.all(),
        "approvals": order.approvals.all(),
        "is_working": order.work_sessions.filter(membership=request.membership, stopped_at=None).exists(),
        "worked": worked_minutes(order),
        "can_reopen": may_reopen(order, request.membership),
    }
    return render(request, "quality/check.html", context)


@requires("quality.check")
@require_POST
@from_tablet(TabletAction.Kind.ANSWER)
def answer_item(request, pk, item_pk):
    order, item = order_in_hall(pk), get_object_or_404(ChecklistItem.objects.select_related("group"), pk=item_pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return refused(request, order, _("Kies Ja of Nee."))
    try:
        given = form.cleaned_data["antwoord"]
        answer(order, item, passed=given == "ja", redo=given == "overdoen", by=request.by, at=request.moment)
    except NotAnswerable as error:
        return refused(request, order, str(error))
    return show_answered(request, order, item)


def show_answered(request, order, item):
    """The question as it stands now, in the page or as a part of it."""
    if not request.htmx:
        return redirect(reverse("quality:check", args=[order.pk], fragment=f"onderdeel-{item.pk}"))
    order.refresh_from_db(fields=["status"])
    checklist = Checklist(order)
    question = next((found for found in checklist.questions if found.item == item), None)
    if question is None:  # a finished order shows what was answered only
        return HttpResponse()
    return render(request, "quality/check.html#answered", {"order": order, "checklist": checklist, "question": question})


def refused(request, order, why):
    if request.is_action:
        raise TooLate(why)
    messages.error(request, why)
    return HttpResponseClientRefresh() if request.htmx else redirect("quality:check", order.pk)


def _tell(request, level, text):
    """A notice for who stands there; of a whole shift that is sent afterwards nobody wants sixty."""
    if request.is_watched:
        messages.add_message(request, level, text)


@requires("quality.check")
@from_tablet(TabletAction.Kind.DEFECT)
def defect_create(request, pk):
    """Mankement melden; `?onderdeel=` chooses the item that was answered with Nee."""
    order = order_in_hall(pk)
    is_sent = request.method == "POST"
    typed = (request.POST, request.FILES) if is_sent else ()
    form = DefectForm(*typed, initial={"item": request.GET.get("onderdeel")}, order=order, sees_prices=request.by.may("prices.see"))
    if is_sent and form.is_valid():
        try:
            defect = report(order, **form.cleaned_data, by=request.by, at=request.moment)
        except NotAllowed as error:
            if request.is_action:
                raise TooLate(str(error)) from None
            form.add_error("service", str(error))
            return _defect_page(request, order, form, status=422)
        if defect.proposed and defect.proposed.state == Approval.State.WITHIN_LIMIT:
            _tell(request, messages.SUCCESS, _("Het mankement is gemeld. Het extra werk mag zonder vragen en staat op de werkorder."))
        elif defect.proposed and defect.is_mailed:
            _tell(request, messages.SUCCESS, _("Het mankement is gemeld en de klant is om akkoord gevraagd. De werkorder wacht daarop."))
        elif defect.proposed:
            _tell(request, messages.WARNING, _("De werkorder wacht op akkoord, maar de klant krijgt geen e-mail: bel de klant."))
        elif defect.is_mailed:
            _tell(request, messages.SUCCESS, _("Het mankement is gemeld. De klant krijgt een e-mail."))
        else:
            _tell(request, messages.WARNING, _("Het mankement is bewaard. De klant krijgt hierover geen e-mail."))
        return redirect("quality:check", order.pk)
    if is_sent and request.is_action:
        raise TooLate(" ".join(error for errors in form.errors.values() for error in errors))
    return _defect_page(request, order, form, status=422 if is_sent else 200)


def _defect_page(request, order, form, status):
    context = {"order": order, "form": form, "reaches": reaches(order, "defect", "approval"), "places": drawing((), form["place"].value())}
    return render(request, "quality/defect_create.html", context, status=status)


@requires("quality.check")
@require_POST
@from_tablet(TabletAction.Kind.FINISH)
def finish(request, pk):
    order = order_in_hall(pk)
    try:
        if request.is_action and order.status == WorkOrder.Status.CANCELLED:
            raise TooLate(_("%(order)s is intussen geannuleerd.") % {"order": order})
        complete(order, by=request.by, at=request.moment)
    except NotReady as not_ready:
        if request.is_action:
            raise TooLate(str(not_ready)) from None
        return render(request, "quality/not_ready.html", {"order": order, "items": not_ready.items}, status=422)
    except NotAllowed as error:
        return refused(request, order, str(error))
    _tell(request, messages.SUCCESS, _("%(order)s is gereed.") % {"order": order})
    return redirect("quality:today")


@requires("quality.check")
@require_POST
@from_tablet(TabletAction.Kind.WORK)
def work(request, pk):
    """*Start* and *Stop*: the time that somebody works on this car."""
    order = order_in_hall(pk)
    if not order.is_open:
        return refused(request, order, _("%(order)s is niet meer in behandeling.") % {"order": order})
    elif "stop" in request.POST:
        stop(order, by=request.by, at=request.moment)
        _tell(request, messages.SUCCESS, _("Gestopt met werken aan %(order)s.") % {"order": order})
    else:
        start(order, by=request.by, at=request.moment)
        _tell(request, messages.SUCCESS, _("Begonnen met werken aan %(order)s.") % {"order": order})
    return redirect("quality:check", order.pk)


@requires("workorders.manage")
@require_POST
def reopen_order(request, pk):
    order = order_in_hall(pk)
    try:
        reopen(order, by=request.membership, reason=request.POST.get("reden", ""))
    except NotReopenable as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(order)s is heropend.") % {"order": order})
    return redirect("quality:check", order.pk)
