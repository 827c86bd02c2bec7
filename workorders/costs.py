"""Alle kosten direct op een rij: what finished orders brought in, how long they took and what they cost."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import django_filters
from django import forms
from django.db.models import DecimalField, ExpressionWrapper, F, IntegerField, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Ceil, Coalesce, Extract, NullIf, Round, TruncDate
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import CompanyCosts
from cleanconnect.filters import FirstDay, LastDay, Sorting
from cleanconnect.money import to_cents
from cleanconnect.pagination import GroupPaginator, OpenPaginator
from cleanconnect.permissions import requires
from cleanconnect.spreadsheets import Column, Sheet
from cleanconnect.views import Overview
from customers.models import Customer

from .forms import staff
from .models import WorkOrder, WorkOrderLine, WorkSession, line_net

MONEY = DecimalField(max_digits=14, decimal_places=2)


def with_figures(orders):
    """Adds `expected_minutes`, `worked` (real minutes) and `has_worked` to orders."""
    sessions = WorkSession.objects.filter(order=OuterRef("pk"), stopped_at__isnull=False).order_by().values("order")
    worked = sessions.annotate(total=Sum(Extract(F("stopped_at") - F("started_at"), "epoch")) / 60).values("total")
    return orders.with_minutes().annotate(worked=Ceil(Subquery(worked), output_field=IntegerField()))


@dataclass
class Figures:
    """What a group of orders comes to: euro excluding VAT and minutes; `hourly_cost` is what an hour of work costs the company."""

    label: str
    count: int
    revenue: Decimal
    expected: int
    worked: int
    material: Decimal
    hourly_cost: Decimal

    @classmethod
    def of_group(cls, row, hourly_cost):
        """Those of a row of `grouped`."""
        label = row["label"]
        return cls(date_format(label, "l j F Y") if isinstance(label, date) else label, row["count"], *_values(row), hourly_cost)

    @property
    def labour(self):
        return to_cents(self.hourly_cost * self.worked / 60)

    @property
    def margin(self):
        return self.revenue - self.labour - self.material

    @property
    def percentage(self):
        """The margin as a share of the revenue, in whole percents; None without revenue."""
        return round(100 * self.margin / self.revenue) if self.revenue else None


def of_order(order, hourly_cost):
    """The `Figures` of one order that has those of `with_figures`."""
    zero = Decimal(0)
    values = (order.net or zero, order.expected_minutes or 0, order.worked or 0, order.material_cost)
    return Figures(str(order), 1, *values, hourly_cost)


def total(orders, hourly_cost):
    """The `Figures` of all these orders together, in one query."""
    sums = with_figures(orders.order_by()).aggregate(**_sums())
    return Figures("", sums["count"], *_values(sums), hourly_cost)


def _sums():
    return {
        "count": Coalesce(Sum(Value(1)), 0),
        "revenue": Sum("net"),
        "expected": Sum("expected_minutes"),
        "time": Sum("worked"),
        "material": Sum("material_cost"),
    }


def _values(row):
    zero = Decimal(0)
    return row["revenue"] or zero, int(row["expected"] or 0), int(row["time"] or 0), to_cents(row["material"] or zero)


def grouped(orders, per):
    """Finished orders together, a row of sums (`Figures.of_group`) per "dag", "klant", "werknemer" (who finished it) or "handeling".

    The highest revenue comes first, of days the newest. What was worked and the material of an order are shared over its
    handlings by what they brought in.
    """
    if per == "handeling":
        return _per_handling(orders)
    orders = with_figures(orders.order_by())
    if per == "dag":
        return orders.values(label=TruncDate("completed_at")).annotate(**_sums()).order_by("-label")
    key = {"klant": "customer", "werknemer": "completed_by"}[per]
    return orders.values(key, label=F(f"{key}__name")).annotate(**_sums()).order_by("-revenue", "label", key)


def _per_handling(orders):
    zero = Value(Decimal(0), output_field=MONEY)
    worked = with_figures(WorkOrder.objects.filter(pk=OuterRef("order"))).values("worked")
    share = F("amount") / F("of_order")
    lines = WorkOrderLine.objects.filter(order__in=orders.order_by().values("pk")).order_by()
    lines = lines.annotate(
        amount=line_net(),
        of_order=NullIf("order__net", zero),
        order_worked=Subquery(worked, output_field=MONEY),
        long=Ceil(F("quantity") * F("minutes"), output_field=IntegerField()),
    )
    rows = lines.values(label=F("description")).annotate(
        count=Sum(Value(1)),
        revenue=Round(Sum("amount"), 2),
        expected=Sum("long"),
        time=Sum(Coalesce(ExpressionWrapper(F("order_worked") * share, output_field=MONEY), zero)),
        material=Sum(Coalesce(ExpressionWrapper(F("order__material_cost") * share, output_field=MONEY), zero)),
    )
    return rows.order_by("-revenue", "label")


def month_start():
    return timezone.localdate().replace(day=1)


class CostFilter(django_filters.FilterSet):
    van = FirstDay(label=_("Van"), field_name="completed_at")
    tot = LastDay(label=_("Tot en met"), field_name="completed_at")
    klant = django_filters.ModelChoiceFilter(
        queryset=lambda request: Customer.objects.all(), field_name="customer", widget=forms.HiddenInput
    )
    werknemer = django_filters.ModelChoiceFilter(
        label=_("Werknemer"), queryset=lambda request: staff(), field_name="completed_by", empty_label=_("Alle werknemers")
    )
    sorteren = Sorting(text={}, fields={"number": "nummer", "completed_at": "gereed"})

    class Meta:
        model = WorkOrder
        fields = []

    def __init__(self, data=None, *args, **kwargs):
        """Without a period it is this month's."""
        data = data.copy() if data is not None else {}
        if not data.get("van") and not data.get("tot"):
            data["van"] = month_start().isoformat()
        super().__init__(data, *args, **kwargs)


def _hours(name):
    return lambda order: round(Decimal(getattr(order, name) or 0) / 60, 2)


COSTS = Sheet(
    _("Kosten"),
    (
        Column(_("Werkorder"), "number"),
        Column(_("Gereed op"), "completed_at"),
        Column(_("Klant"), "customer.name"),
        Column(_("Kenteken"), "vehicle.plate_shown"),
        Column(_("Gereedgemeld door"), "completed_by.name"),
        Column(_("Omzet excl. btw"), "net"),
        Column(_("Verwachte uren"), _hours("expected_minutes")),
        Column(_("Gewerkte uren"), _hours("worked")),
        Column(_("Materiaal"), "material_cost"),
        Column(_("Kosten van werk"), lambda order: of_order(order, order.hourly_cost).labour),
        Column(_("Marge"), lambda order: of_order(order, order.hourly_cost).margin),
    ),
)
WAYS = [
    ("werkorder", _("Per werkorder")),
    ("dag", _("Per dag")),
    ("klant", _("Per klant")),
    ("handeling", _("Per handeling")),
    ("werknemer", _("Per werknemer")),
]


@requires("costs.see")
class Costs(Overview):
    """Kosten: finished orders of a period, one by one or together (`?per=`)."""

    filterset_class = CostFilter
    sheet = COSTS
    template_name = "workorders/costs.html"

    def get_queryset(self):
        orders = WorkOrder.objects.finished().filter(is_history=False).order_by("-completed_at", "-pk")
        return orders.select_related("customer", "vehicle", "completed_by")

    def exported(self):
        hourly_cost = Value(CompanyCosts.objects.current().hourly_cost, output_field=MONEY)
        return with_figures(super().exported()).annotate(hourly_cost=hourly_cost)

    @cached_property
    def per(self):
        per = self.request.GET.get("per")
        return per if per in dict(WAYS) else "werkorder"

    @property
    def paginator_class(self):
        return OpenPaginator if self.per == "werkorder" else GroupPaginator

    def paginate_queryset(self, queryset, page_size):
        rows = with_figures(queryset) if self.per == "werkorder" else grouped(queryset, self.per)
        return super().paginate_queryset(rows, page_size)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        hourly_cost, orders = CompanyCosts.objects.current().hourly_cost, self.filterset.qs
        context |= {"per": self.per, "ways": WAYS, "total": total(orders, hourly_cost), "hourly_cost": hourly_cost}
        if self.per == "werkorder":
            return context | {"rows": [(order, of_order(order, hourly_cost)) for order in context["object_list"]]}
        return context | {"rows": [Figures.of_group(row, hourly_cost) for row in context["object_list"]]}
