from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from math import ceil

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.choosing import AskedOnceField, SearchSelect
from cleanconnect.discounts import Off
from cleanconnect.forms import TwoColumns
from cleanconnect.money import Amount, vat_breakdown
from customers.duplicates import lookalikes
from customers.models import Branch, Customer, CustomerType
from services.models import Service, ServiceGroup, VatRate
from services.pricing import Terms, package_prices, prices_for
from vehicles.models import VehicleType
from vehicles.plates import clean_plate, clean_vin, looks_like_vin

from .intake import UNADJUSTED
from .line_forms import FreeLines, PricesTyped, how_much, refuse_below_zero
from .models import Bay, WorkOrder, WorkOrderLine
from .typed import carried_over, lines_as_typed, packages_on

HOW_MUCH_OF_A_LINE = ("quantity", "discount", "discount_amount")
HOW_MUCH = tuple(f"{name}_" for name in UNADJUSTED)  # the fields of each ticked handling
COUNTRIES = [
    ("NL", _("Nederland")),
    ("B", _("België")),
    ("D", _("Duitsland")),
    ("F", _("Frankrijk")),
    ("L", _("Luxemburg")),
    ("PL", _("Polen")),
    ("X", _("Ander land")),
]


TO_CHOOSE = (WorkOrder.Status.PLANNED, WorkOrder.Status.IN_PROGRESS)  # the other moves have a button of their own
NEW_CUSTOMER = ("new_name", "new_phone", "new_email", "same_anyway")


@dataclass
class Totals:
    """The running total of what is ticked and typed, in euro, and how long it takes."""

    net: Decimal
    vat: Decimal
    minutes: int

    @property
    def gross(self):
        return self.net + self.vat


class WorkOrderForm(PricesTyped):
    """A work order in the manual's order: who, what vehicle, what has to be done, when.

    The customers depend on the customer type and the handlings on the vehicle type. Made with `typed=` it shows what was
    typed so far and checks nothing: so the page is refreshed after such a choice.
    """

    customer_type = AskedOnceField(label=_("Soort klant"), queryset=CustomerType.objects.active(), empty_label="")
    customer = AskedOnceField(
        label=_("Naam van de klant"),
        queryset=Customer.objects.active().select_related("type"),
        empty_label="",
        widget=SearchSelect("customers:choices", include="#id_customer_type"),
    )
    new_name = forms.CharField(label=_("Naam van de nieuwe klant"), required=False, max_length=100)
    new_phone = forms.CharField(
        label=_("Telefoon"), required=False, max_length=30, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
    )
    new_email = forms.EmailField(label=_("E-mailadres"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    same_anyway = forms.BooleanField(label=_("Het is een andere klant: toch toevoegen"), required=False)
    branch = forms.ModelChoiceField(label=_("Vestiging"), queryset=Branch.objects.none(), required=False, empty_label="")
    po_number = forms.CharField(label=_("Inkoopnummer"), required=False, max_length=40)
    cost_centre = forms.CharField(label=_("Kostenplaats"), required=False, max_length=40)
    vehicle_type = AskedOnceField(label=_("Soort voertuig"), queryset=VehicleType.objects.active(), empty_label="")
    plate = forms.CharField(
        label=_("Kenteken"),
        required=False,
        max_length=30,
        help_text=_("Een chassisnummer mag ook. Kennen we het voertuig, dan vullen we de rest in."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    country = forms.ChoiceField(label=_("Land van het kenteken"), choices=COUNTRIES, initial="NL")
    vin = forms.CharField(
        label=_("Chassisnummer"),
        required=False,
        max_length=30,
        help_text=_("Een kenteken of een chassisnummer is genoeg."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    make = forms.CharField(label=_("Merk"), required=False, max_length=40)
    model = forms.CharField(label=_("Type"), required=False, max_length=60)
    services = forms.ModelMultipleChoiceField(
        label=_("Werkzaamheden"),
        queryset=Service.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": _("Deze handeling hoort niet bij dit soort voertuig."),
            "invalid_pk_value": _("Deze handeling bestaat niet."),
        },
    )
    packages = forms.ModelMultipleChoiceField(label=_("Pakketten"), queryset=ServiceGroup.objects.none(), required=False)
    note = forms.CharField(label=_("Notitie voor de werknemer"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    remark = forms.CharField(label=_("Opmerking voor de klant"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(status.value, status.label) for status in TO_CHOOSE],
        initial=WorkOrder.Status.PLANNED,
    )
    status_shown = forms.CharField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    planned_on = forms.DateField(
        label=_("Datum van behandeling"), required=False, localize=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    promised_at = forms.DateTimeField(
        label=_("Beloofd om"),
        required=False,
        localize=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    key_number = forms.CharField(label=_("Sleutelnummer"), required=False, max_length=20)
    place = forms.CharField(label=_("Plaats op het terrein"), required=False, max_length=40)
    planned_time = forms.TimeField(
        label=_("Begintijd"), required=False, localize=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    planned_minutes = forms.IntegerField(
        label=_("Duur in minuten"), required=False, min_value=5, max_value=6000, help_text=_("Leeg: zo lang als de handelingen zeggen.")
    )
    bay = forms.ModelChoiceField(label=_("Werkplek"), queryset=Bay.objects.active(), required=False, empty_label="")
    assigned = forms.ModelMultipleChoiceField(
        label=_("Werknemers"), queryset=Membership.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    material_cost = forms.DecimalField(
        label=_("Materiaalkosten"),
        required=False,
        localize=True,
        max_digits=7,
        decimal_places=2,
        min_value=Decimal(0),
        help_text=_("Wat deze auto u aan materiaal kost; de klant ziet dit niet."),
    )

    def __init__(self, data=None, *, typed=None, order=None):
        self.order = order
        self.source = data if data is not None else typed
        initial = self._typed(typed) if typed is not None else self._of(order)
        super().__init__(data, initial=initial)
        self.fields["assigned"].queryset = staff().filter(Q(is_active=True) | Q(assignments__order=order)).distinct()
        if order and (order.status, order.get_status_display()) not in self.fields["status"].choices:
            self.fields["status"].choices += [(order.status, order.get_status_display())]
        if order and order.bay_id:
            self.fields["bay"].queryset |= Bay.objects.filter(pk=order.bay_id)
        self.lookalikes = []
        if order is None:
            self.fields["customer"].required = False  # or a new one
        else:
            for name in NEW_CUSTOMER:
                del self.fields[name]
        self._narrow_customers()
        self._ask_what_the_customer_wants()
        if typed is not None:
            self.source = carried_over(typed, self.offered)
            self.initial |= self._typed(self.source)
        self.fields["services"].queryset = Service.objects.filter(pk__in=[service.pk for service in self.offered])
        self.fields["packages"].queryset = ServiceGroup.objects.filter(pk__in=[package.pk for package in self.offered_packages])
        if self.source is None:
            self.initial |= {name: value for name, value in self._lines_of_order.items() if name.startswith(HOW_MUCH)}
        self._ask_how_much()
        self.free_lines = self._free_lines()
        self.show_how_prices_are(typed)

    def _typed(self, typed):
        return {name: typed.get(name) for name in typed if name != "assigned"} | {"assigned": typed.getlist("assigned")}

    @staticmethod
    def _of(order):
        if order is None:
            return {}
        vehicle = order.vehicle
        return {
            "customer_type": order.customer.type_id,
            "customer": order.customer_id,
            "branch": order.branch_id,
            "po_number": order.po_number,
            "cost_centre": order.cost_centre,
            "vehicle_type": vehicle.type_id,
            "plate": vehicle.plate_shown,
            "country": vehicle.country,
            "vin": vehicle.vin,
            "make": vehicle.make,
            "model": vehicle.model,
            "note": order.note,
            "remark": order.remark,
            "status": order.status,
            "planned_on": order.planned_on,
            "promised_at": order.promised_at and timezone.localtime(order.promised_at),
            "key_number": order.key_number,
            "place": order.place,
            "planned_time": order.planned_time,
            "planned_minutes": order.planned_minutes,
            "bay": order.bay_id,
            "assigned": list(order.assignments.values_list("membership_id", flat=True)),
            "material_cost": order.material_cost or None,
            "status_shown": order.status,
            "version": order.version,
        }

    def _ask_how_much(self):
        """Quantity, discount and price of each ticked handling, in fields of its own."""
        for service in self.offered:
            self.fields |= self._how_much(service)

    def _how_much(self, service):
        if str(service.pk) not in self.ticked:
            return {}
        in_package = any(group.pk == service.group_id for group in self.ticked_packages)
        return how_much(service, in_package=in_package, include_vat=self.include_vat)

    def _free_lines(self):
        """The lines without a handling: as typed and to be checked, as typed only, or as they are on the order; and an empty one."""
        if self.is_bound and "regels-TOTAL_FORMS" in self.data:
            return FreeLines(self.data, prefix="regels", form_kwargs=self._as_prices_are)
        rows = [{name: row[name].value() for name in row.fields} for row in self._typed_lines if row.is_filled]
        return FreeLines(initial=rows, prefix="regels", form_kwargs=self._as_prices_are)

    @cached_property
    def _lines_of_order(self):
        """What the lines of the order are in the fields of this form."""
        values = QueryDict(mutable=True)
        for name, found in lines_as_typed(self._lines_before, self.packages_before).items() if self.order else ():
            values.setlist(name, found)
        return values

    @cached_property
    def _lines_before(self):
        return list(self.order.lines.select_related("service__group")) if self.order else []

    @property
    def _work(self):
        """The fields that tell what has to be done: as they were sent or typed, else as the order has it."""
        return self._lines_of_order if self.source is None else self.source

    @cached_property
    def _typed_lines(self):
        typed = "regels-TOTAL_FORMS" in self._work
        return FreeLines(self._work, prefix="regels", form_kwargs=self._as_prices_are).forms if typed else []

    @property
    def _as_prices_are(self):
        return {"include_vat": self.include_vat}

    def _chosen(self, name):
        """The row that is chosen in a field now, or None; asked before and without validation."""
        field = self.fields[name]
        value = self.initial.get(name) if self.source is None else field.widget.value_from_datadict(self.source, {}, name)
        try:
            return field.clean(value) if value else None
        except ValidationError:
            return None

    def _narrow_customers(self):
        for name, now in (("customer_type", "customer__type"), ("customer", "customer"), ("vehicle_type", "vehicle__type")):
            if self.order:  # what the order has now stays a choice, archived or not
                field = self.fields[name]
                pk = WorkOrder.objects.values_list(now, flat=True).get(pk=self.order.pk)
                field.queryset = field.queryset | field.queryset.model.objects.filter(pk=pk)
        if customer_type := self._chosen("customer_type"):
            self.fields["customer"].queryset = self.fields["customer"].queryset.filter(type=customer_type)

    def _ask_what_the_customer_wants(self):
        """A business customer's branch, purchase order and cost centre; what it obliges, and what is asked of nobody else."""
        customer = self.customer_now
        if customer is None or customer.type.is_private:
            for name in ("branch", "po_number", "cost_centre"):
                del self.fields[name]
            return
        self.fields["branch"].queryset = Branch.objects.active().filter(customer=customer) | Branch.objects.filter(
            customer=customer, work_orders=self.order
        )
        if not self.fields["branch"].queryset.exists():
            del self.fields["branch"]
        for name, required in (("po_number", customer.po_required), ("cost_centre", customer.cost_centre_required)):
            self.fields[name].required = required
            self.fields[name].error_messages["required"] = _now("%(customer)s vraagt dit op elke werkorder.") % {"customer": customer}

    @cached_property
    def customer_now(self):
        return self._chosen("customer")

    @cached_property
    def vehicle_type_now(self):
        return self._chosen("vehicle_type")

    @cached_property
    def offered(self):
        """The handlings of the chosen vehicle type, by group; those already on the order stay, archived or not."""
        if self.vehicle_type_now is None:
            return []
        services = Service.objects.filter(group__vehicle_type=self.vehicle_type_now).select_related("group")
        is_active = Q(archived_at=None, group__archived_at=None, is_active=True)
        if self.order:
            is_active |= Q(pk__in=self.order.lines.values("service"))
        return list(services.filter(is_active).in_order())

    @cached_property
    def include_vat(self):
        """Whether prices include VAT: as the order has it, as the chosen customer does, or as is usual for a new one of the chosen type."""
        if self.order and self.customer_now == self.order.customer:
            return self.order.prices_include_vat
        kind = None if self.customer_now else self._chosen("customer_type")
        return Terms(Customer(type=kind) if kind else self.customer_now).include_vat

    @property
    def has_typed_prices(self):
        """Whether something was typed that is another amount with VAT than without."""
        typed = [self._adjusted(service) for service in self.offered if str(service.pk) in self.ticked]
        by_hand = any(how["unit_price"] is not None or how["discount_amount"] for how in typed)
        return by_hand or any(row.is_filled for row in self._typed_lines)

    @cached_property
    def usual_prices(self):
        """`{service.pk: Price}` of the offered handlings for the chosen customer, without what was typed or is on the order."""
        return prices_for(self.customer_now, self.offered, packages=self.ticked_packages, include_vat=self.include_vat)

    @cached_property
    def priced(self):
        """`{service.pk: (price, why)}`: as typed, as on the order, or what the chosen customer pays. A list price needs no why."""
        usual = _now("lijstprijs")
        priced = {pk: (price.amount, price.reason) for pk, price in self.usual_prices.items()}
        if self.order:
            renewed = {package.pk for package in self.new_packages}
            kept = self.order.lines.filter(priced_by_hand=False).exclude(service__group__in=renewed)
            priced |= {line.service_id: (self.order.price_if(line, self.include_vat), line.price_reason) for line in kept}
        by_hand = {service.pk: self._adjusted(service) for service in self.offered}
        priced |= {pk: (how["unit_price"], how["price_reason"]) for pk, how in by_hand.items() if how["unit_price"] is not None}
        return {pk: (price, "" if why == usual else why) for pk, (price, why) in priced.items()}

    @cached_property
    def offered_packages(self):
        """The groups that can be ordered as a whole."""
        return list({service.group_id: service.group for service in self.offered if service.group.is_package}.values())

    @cached_property
    def packages_before(self):
        """The packages that are on the order as a whole already; one that has grown since is not."""
        on_order = {line.service_id for line in self._lines_before}
        groups = packages_on(self._lines_before)
        return [group for group in groups if {s.pk for s in self.offered if s.group_id == group.pk} <= on_order]

    @cached_property
    def ticked_packages(self):
        values = set(self._work.getlist("packages"))
        return [group for group in self.offered_packages if str(group.pk) in values]

    @property
    def new_packages(self):
        """Those that were not on the order as a whole yet: their handlings get the package's price."""
        return [group for group in self.ticked_packages if group not in self.packages_before]

    @cached_property
    def ticked(self):
        return set(self._work.getlist("services")) | {str(service.pk) for service in self._of_packages()}

    def _of_packages(self):
        whole = {group.pk for group in self.ticked_packages}
        return [service for service in self.offered if service.group_id in whole]

    def groups(self):
        """`[(group, [{service, price, ticked, in_package}, …], {price, ticked} of its package or None), …]` for the screen."""
        whole = {group.pk for group in self.ticked_packages}
        rows = [
            {
                "service": service,
                "price": self.priced[service.pk][0],
                "why": self.priced[service.pk][1],
                "ticked": str(service.pk) in self.ticked,
                "in_package": service.group_id in whole,
                "how_much": [self[name] for name in self._how_much(service)],
                "is_adjusted": self._adjusted(service) != UNADJUSTED,
                "has_errors": any(name in self.errors for name in self._how_much(service)) if self.is_bound else False,
            }
            for service in self.offered
        ]
        packages_now, terms = package_prices(self.offered_packages), Terms(self.customer_now, self.include_vat)
        found = []
        for group, of_group in groupby(rows, key=lambda row: row["service"].group):
            package = {"price": terms.package(group, packages_now[group.pk]), "ticked": group.pk in whole} if group.is_package else None
            found.append((group, list(of_group), package))
        return found

    def _adjusted(self, service):
        """Quantity, discount and own price as they stand now; what is not a number counts as not typed."""
        found = {}
        for name, default in UNADJUSTED.items():
            field = self.fields.get(f"{name}_{service.pk}")
            try:
                value = field.clean(self[f"{name}_{service.pk}"].value()) if field else default
            except ValidationError:
                value = default
            found[name] = default if value in (None, "") else value
        off = found["discount"] or Off()
        return found | {"discount": off.percent, "discount_amount": off.amount}

    def totals(self):
        lines, minutes = self._amounts_of_handlings(), 0
        for service in self.offered:
            if str(service.pk) in self.ticked:
                minutes += ceil((service.minutes or 0) * self._adjusted(service)["quantity"])
        for row in self._typed_lines:
            if not (row.is_filled and row.is_valid()):
                continue
            lines.append(row.amount)
            minutes += ceil((row.cleaned_data["minutes"] or 0) * row.cleaned_data["quantity"])
        if customer := self.customer_now:
            lines = [line._replace(rate=VatRate.charged(line.rate, customer.company, customer)) for line in lines]
        breakdown = vat_breakdown(lines)
        net, vat = sum((base for _rate, base, _vat in breakdown), Decimal(0)), sum((vat for _rate, _base, vat in breakdown), Decimal(0))
        return Totals(net, vat, minutes)

    def _amounts_of_handlings(self):
        """`[money.Amount, …]` of what is ticked, at the rate of what is sold."""
        amounts = []
        for service in self.offered:
            if str(service.pk) in self.ticked:
                how = {name: value for name, value in self._adjusted(service).items() if name in HOW_MUCH_OF_A_LINE}
                line = WorkOrderLine(unit_price=self.priced[service.pk][0] or Decimal(0), **how)
                amounts.append(Amount(line.amount, service.vat_rate, self.include_vat))
        return amounts

    def clean_services(self):
        ticked = {service.pk for service in self.cleaned_data["services"]} | {service.pk for service in self._of_packages()}
        services = [service for service in self.offered if service.pk in ticked]
        if not services and not any(row.is_filled for row in self._typed_lines):
            raise ValidationError(_now("Kies ten minste één handeling, of vul hieronder zelf een regel in."))
        for service in services:
            if self.priced[service.pk][0] is None:
                raise ValidationError(_now("%(service)s heeft nog geen prijs; vul die eerst in bij Werkzaamheden.") % {"service": service})
        return services

    @property
    def has_new_customer(self):
        """Whether something of a new customer was typed."""
        return any(self[name].value() for name in NEW_CUSTOMER if name in self.fields)

    def _clean_customer(self, cleaned):
        """A customer of ours, or a new one: a name, a telephone number or an e-mail address is enough."""
        new = {name: cleaned.get(f"new_{name}", "") for name in ("name", "phone", "email")}
        if cleaned.get("customer") or "customer" in self.errors or self.order:
            if any(new.values()):
                self.add_error("new_name", _now("Kies een klant of vul een nieuwe in, niet allebei."))
            return
        new["name"] = new["name"] or new["email"] or new["phone"]
        if not new["name"]:
            if not set(NEW_CUSTOMER) & set(self.errors):
                self.add_error("customer", self.fields["customer"].error_messages["required"])
            return
        if not cleaned.get("same_anyway"):
            self.lookalikes = lookalikes(name=new["name"], email=new["email"])
            if self.lookalikes:
                self.add_error("new_name", _now("Deze klant lijkt er al te zijn. Kijk eerst hieronder."))
                return
        if cleaned.get("customer_type"):
            cleaned["customer"] = Customer(type=cleaned["customer_type"], **new)

    def clean(self):
        cleaned = super().clean()
        self._clean_customer(cleaned)
        if looks_like_vin(cleaned.get("plate", "")) and not cleaned.get("vin"):
            cleaned["plate"], cleaned["vin"] = "", cleaned["plate"]
        plate, vin = cleaned.get("plate", ""), cleaned.get("vin", "")
        if not plate and not vin and not {"plate", "vin"} & set(self.errors):
            self.add_error("plate", _("Vul een kenteken of een chassisnummer in."))
        for name, text, check in (("plate", plate, lambda text: clean_plate(text, cleaned.get("country", "NL"))), ("vin", vin, clean_vin)):
            if text and name not in self.errors:
                try:
                    check(text)
                except ValidationError as error:
                    self.add_error(name, error)
        for service in cleaned.get("services") or []:
            self._clean_how_much(service, cleaned)
        return cleaned

    def _clean_how_much(self, service, cleaned):
        how = self._adjusted(service)
        if (how["discount"] or how["discount_amount"]) and not cleaned.get(f"discount_reason_{service.pk}"):
            self.add_error(f"discount_reason_{service.pk}", _now("Vul de reden van de korting in."))
        if how["discount_amount"] > how["quantity"] * (self.priced[service.pk][0] or 0):
            self.add_error(f"discount_{service.pk}", _now("Deze korting is hoger dan het bedrag van de regel."))
        price, why = f"unit_price_{service.pk}", f"price_reason_{service.pk}"
        if cleaned.get(price) is not None and not cleaned.get(why) and why not in self.errors:
            self.add_error(why, _now("Vul in waarom deze prijs geldt."))
        if cleaned.get(why) and cleaned.get(price) is None and price not in self.errors:
            self.add_error(price, _now("Vul de prijs in, of haal de reden weg."))

    def is_valid(self):
        if not super().is_valid() or (self.free_lines.is_bound and not self.free_lines.is_valid()):
            return False
        typed = [row for row in self.free_lines.forms if row.is_filled] if self.free_lines.is_bound else []
        return refuse_below_zero(typed, self._amounts_of_handlings())

    def add_vehicle_errors(self, error):
        """Put the errors of `vehicles.intake.find_or_create` at the fields of this form."""
        for name, errors in error.error_dict.items():
            self.add_error({"type": "vehicle_type"}.get(name, name), errors)

    def as_order(self):
        """The keyword arguments of `intake.take_in` and `intake.change`."""
        data = self.cleaned_data
        vehicle = {name: data[name] for name in ("plate", "country", "vin", "make", "model")} | {"type": data["vehicle_type"]}
        names = ("customer", "services", "note", "remark", "status", "planned_on", "promised_at", "key_number", "place")
        names += ("planned_time", "planned_minutes", "bay", "assigned")
        billing = {"branch": data.get("branch"), "po_number": data.get("po_number", ""), "cost_centre": data.get("cost_centre", "")}
        more = {
            "vehicle": vehicle,
            "packages": self.new_packages,
            "material_cost": data["material_cost"] or Decimal(0),
            "adjusted": {service.pk: self._adjusted(service) for service in data["services"]},
            "free_lines": [row.cleaned_data for row in self._typed_lines if row.is_valid() and row.is_filled],
        }
        if self.order:
            more |= {"version": data["version"], "status": data["status"] if data["status"] != data["status_shown"] else None}
        else:
            more |= {"prices": self.usual_prices, "prices_include_vat": self.include_vat}
        return {name: data[name] for name in names} | billing | more

    def show_version(self, version):
        """What is sent the next time is a change of this version: the person has seen what others did."""
        self.data = self.data.copy()
        self.data["version"] = version


def staff():
    """Those who can be asked to do an order, by name."""
    return Membership.objects.who_may("quality.check").order_by("name")


class SavedViewForm(TwoColumns, forms.Form):
    """A filter of the overview and the name it is kept under."""

    naam = forms.CharField(label=_("Naam van de weergave"), max_length=40)
    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)


class ReasonForm(TwoColumns, forms.Form):
    """Why an order gets a status that asks for a reason."""

    wide = ("reason",)
    reason = forms.CharField(label=_("Reden"), max_length=250)
