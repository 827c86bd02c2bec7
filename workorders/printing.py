"""Werkbon and label on paper, each with a QR code that opens the order on the tablet. Made while one waits: nothing of it is kept."""

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from cleanconnect.pdf import pages
from cleanconnect.permissions import requires

from .car import drawing
from .models import WorkOrder

MOST = 200  # werkbonnen of one day in one file


def qr_code(order):
    """The address of the order's check as an SVG picture, in an address of its own (`data:`) for the page."""
    address = settings.SITE_URL + reverse("quality:check", args=[order.pk])
    return segno.make(address, error="m", micro=False).svg_inline(scale=1, border=2, omitsize=True)


def _orders():
    orders = WorkOrder.objects.active().for_overview().select_related("branch", "bay").with_minutes()
    return orders.prefetch_related("lines", "assignments__membership", "damage_marks")


def document(template, orders, company):
    """The pages of a paper for each of these orders, as a WeasyPrint document."""
    slips = [{"order": order, "qr": qr_code(order), "places": drawing(order.damage_marks.all())} for order in orders]
    return pages(render_to_string(template, {"slips": slips, "company": company}), company, style="slip_pdf.css")


def _pdf(template, orders, company, name):
    response = HttpResponse(document(template, orders, company).write_pdf(), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@requires("quality.check")
@require_safe
def slip(request, pk):
    """Werkbon of one order, A4."""
    order = get_object_or_404(_orders(), pk=pk)
    return _pdf("workorders/slip_pdf.html", [order], request.membership.company, f"Werkbon {order.number}")


@requires("quality.check")
@require_safe
def slips_of_day(request):
    """The werkbonnen of all cars of a day (`?dag=`), in the order of their time."""
    day = _day(request.GET.get("dag", ""))
    orders = list(_orders().filter(planned_on=day).exclude(status=WorkOrder.Status.CANCELLED).order_by("planned_time", "number")[:MOST])
    if not orders:
        raise Http404
    return _pdf("workorders/slip_pdf.html", orders, request.membership.company, f"Werkbonnen {day:%d-%m-%Y}")


def _day(text):
    try:
        return parse_date(text) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


@requires("quality.check")
@require_safe
def label(request, pk):
    """A label of 62 by 40 mm, for the key or the windscreen."""
    order = get_object_or_404(_orders(), pk=pk)
    return _pdf("workorders/label_pdf.html", [order], request.membership.company, f"Label {order.number}")
