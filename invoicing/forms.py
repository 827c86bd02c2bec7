import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cleanconnect import quotas
from cleanconnect.choosing import SearchSelect
from cleanconnect.discounts import DiscountField
from cleanconnect.forms import TwoColumns
from cleanconnect.money import CENT, euro
from customers.models import Customer
from services.pricing import Terms
from workorders.line_forms import FreeLineForm, PricesTyped, refuse_below_zero

from . import bank, collecting, crediting
from .models import BankStatement, Invoice, Payment
from .statements import reading
from .statements.entries import NotAStatement

MOST_LINES = 200
FAR_AWAY = timedelta(days=366)


class WithDiscount(forms.Form):
    """A discount on the whole invoice; `discount()` gives it."""

    discount_on_all = DiscountField(label=_("Korting in % of € (excl. btw)"))
    why = forms.CharField(label=_("Omschrijving van de korting"), required=False, max_length=100)
    include_vat = False

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("why") and "discount_on_all" not in self.errors and not any(cleaned["discount_on_all"]):
            self.add_error("discount_on_all", _now("Vul ook de korting in, of haal de omschrijving weg."))
        return cleaned

    def discount(self):
        off = self.cleaned_data["discount_on_all"]
        return collecting.Discount(off.percent, self.cleaned_data["why"], off.amount, self.include_vat)


class ChosenOrders(TwoColumns, WithDiscount):
    """Which of a customer's finished orders come on the invoice; those that are not to be invoiced any more are no choice."""

    elsewhere = ("orders",)

    orders = forms.ModelMultipleChoiceField(
        label=_("Werkorders"),
        queryset=None,
        error_messages={
            "required": _("Kies ten minste één werkorder."),
            "invalid_choice": _("Een gekozen werkorder kan niet meer gefactureerd worden; bekijk de lijst opnieuw."),
            "invalid_pk_value": _("Een gekozen werkorder kan niet meer gefactureerd worden; bekijk de lijst opnieuw."),
        },
    )

    def __init__(self, *args, customer, **kwargs):
        super().__init__(*args, **kwargs)
        self.include_vat = customer.prices_include_vat
        if self.include_vat:
            self.fields["discount_on_all"].label = _("Korting in % of € (incl. btw)")
        self.fields["orders"].queryset = (
            collecting.to_invoice().filter(customer=customer).select_related("vehicle").order_by("completed_at")
        )

    def rows(self):
        """The orders to choose from, each with `chosen`: all of them until someone chose."""
        chosen = set(self.data.getlist("orders")) if self.is_bound else None
        for order in self.fields["orders"].queryset:
            order.chosen = chosen is None or str(order.pk) in chosen
            yield order


class RunForm(TwoColumns, forms.Form):
    """Up to which day finished work is invoiced."""

    until = forms.DateField(
        label=_("Werk t/m"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Deze dag is nog niet geweest."))
        return day


class InvoiceLineForm(FreeLineForm):
    """A line of an invoice without an order; left empty it is no line. Whether prices include VAT stands above all of them."""

    minutes = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit_price"].label = _("Prijs")


InvoiceLines = forms.formset_factory(InvoiceLineForm, max_num=MOST_LINES, absolute_max=MOST_LINES, extra=3)
OneMoreLine = forms.formset_factory(InvoiceLineForm, max_num=MOST_LINES, absolute_max=MOST_LINES, extra=1)


class FreeInvoiceForm(TwoColumns, WithDiscount, PricesTyped):
    """An invoice without an order: for whom, and its lines. Made with `typed=` it shows what was typed, a line more, and checks nothing."""

    customer = forms.ModelChoiceField(
        Customer.objects.active().select_related("type"), label=_("Klant"), empty_label="", widget=SearchSelect("customers:choices")
    )
    reference = forms.CharField(label=_("Kenmerk van de klant"), required=False, max_length=60)
    performed_on = forms.DateField(
        label=_("Geleverd op"), initial=timezone.localdate, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    performed_until = forms.DateField(
        label=_("Geleverd t/m"),
        required=False,
        help_text=_("Alleen bij meer dan één dag, zoals een abonnement."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)  # of this invoice, so that pressing twice makes one
    field_order = ("customer", "reference", "performed_on", "performed_until")
    elsewhere = ("prices_seen",)

    def __init__(self, data=None, *, typed=None):
        self.include_vat = Terms(self._customer_of((data if data is not None else typed or {}).get("customer", ""))).include_vat
        super().__init__(data, initial=typed and typed.dict())
        how = {"prefix": "regels", "form_kwargs": {"include_vat": self.include_vat}}
        self.lines = InvoiceLines(data, **how) if typed is None else OneMoreLine(initial=_rows_of(typed), **how)
        self.fields["discount_on_all"].label = _("Korting in % of €")  # with VAT or without as the line above the prices says
        self.show_how_prices_are(typed)

    def _customer_of(self, text):
        return self.base_fields["customer"].queryset.filter(pk=text).first() if re.fullmatch("[0-9]{1,18}", text) else None

    @property
    def has_typed_prices(self):
        return any(row.is_filled for row in self.lines.forms)

    def clean(self):
        cleaned = super().clean()
        first, last, today = cleaned.get("performed_on"), cleaned.get("performed_until"), timezone.localdate()
        if first and abs(first - today) > FAR_AWAY:
            self.add_error("performed_on", _now("Deze dag is te ver weg; klopt het jaar?"))
        elif first and last and not first <= last <= first + FAR_AWAY:
            self.add_error("performed_until", _now("Deze dag moet na de eerste liggen, en niet meer dan een jaar."))
        return cleaned

    def is_valid(self):
        lines_are_valid = self.lines.is_bound and self.lines.is_valid()
        if super().is_valid() and lines_are_valid and not self.filled():
            self.add_error(None, _("Vul ten minste één regel in."))
        lines_are_valid = lines_are_valid and refuse_below_zero([row for row in self.lines.forms if row.is_filled])
        if (
            not self.errors
            and lines_are_valid
            and self.discount().amount > sum(row.amount.value for row in self.lines.forms if row.is_filled)
        ):
            self.add_error("discount_on_all", _("Deze korting is hoger dan het bedrag van de factuur."))
        return not self.errors and lines_are_valid

    def supplied(self):
        """When it was supplied, as `collecting.issue_free_invoice` takes it."""
        return {name: self.cleaned_data[name] for name in ("performed_on", "performed_until")}

    def filled(self):
        """The lines that are not empty, as dicts."""
        return [row.cleaned_data | {"price_includes_vat": self.include_vat} for row in self.lines.forms if row.is_filled]


def _rows_of(typed):
    """What stands in the rows of a form that was sent, as it was typed."""
    typed_count = typed.get("regels-TOTAL_FORMS", "")
    count = min(int(typed_count), MOST_LINES) if re.fullmatch("[0-9]{1,3}", typed_count) else 0
    rows = [{name: typed.get(f"regels-{number}-{name}", "") for name in InvoiceLineForm.base_fields} for number in range(count)]
    return [row for row in rows if any(row[name] for name in ("description", "unit_price"))]


class CreditForm(TwoColumns, forms.Form):
    """Which lines of an invoice are credited and why; all of them until someone chose.

    Of a line everything that is left is credited, or so many (`quantity_7` of line 7) or an amount (`amount_7`) that is typed beside it.
    """

    wide = ("reason", "release")
    lines = forms.ModelMultipleChoiceField(
        queryset=None,
        error_messages={
            "required": _("Kies ten minste één regel."),
            "invalid_choice": _("Een gekozen regel is al gecrediteerd; bekijk de lijst opnieuw."),
            "invalid_pk_value": _("Een gekozen regel is al gecrediteerd; bekijk de lijst opnieuw."),
        },
    )
    reason = forms.CharField(label=_("Reden"), max_length=200, help_text=_("De klant leest dit op de creditfactuur."))
    release = forms.BooleanField(
        label=_("Werkorders opnieuw te factureren"),
        required=False,
        help_text=_("Een werkorder waarvan alles is gecrediteerd, staat dan weer bij Te factureren."),
    )

    def __init__(self, *args, invoice, **kwargs):
        super().__init__(*args, **kwargs)
        self.all_rests = crediting.rests(invoice)
        self.rests = [rest for rest in self.all_rests if rest.is_left and not rest.line.is_discount]
        self.fields["lines"].queryset = invoice.lines.filter(pk__in=[rest.line.pk for rest in self.rests])
        for rest in self.rests:
            if rest.number:
                self.fields[f"quantity_{rest.line.pk}"] = self._how_much(_("Aantal van %(line)s"), rest, max_digits=6)
            if rest.amount:
                self.fields[f"amount_{rest.line.pk}"] = self._how_much(_("Bedrag van %(line)s"), rest, max_digits=12)

    @staticmethod
    def _how_much(label, rest, *, max_digits):
        label %= {"line": rest.line}
        attrs = {"inputmode": "decimal", "class": "form-control form-control-sm number", "aria-label": label, "placeholder": _("alles")}
        return forms.DecimalField(
            label=label,
            required=False,
            localize=True,
            max_digits=max_digits,
            decimal_places=2,
            min_value=CENT,
            widget=forms.TextInput(attrs=attrs),
        )

    @property
    def has_discount(self):
        """Whether a discount on the whole invoice goes along."""
        return any(rest.line.is_discount and rest.left for rest in self.all_rests)

    @property
    def elsewhere(self):
        return {name for name in self.fields if name not in self.wide}

    def rows(self):
        """What there is to choose from: the `Rest` of each line, with `chosen` and the fields for its `quantity` and `amount`."""
        chosen = set(self.data.getlist("lines")) if self.is_bound else None
        for rest in self.rests:
            pk = rest.line.pk
            quantity, amount = (self[name] if name in self.fields else None for name in (f"quantity_{pk}", f"amount_{pk}"))
            yield {"rest": rest, "line": rest.line, "chosen": chosen is None or str(pk) in chosen, "quantity": quantity, "amount": amount}

    def clean(self):
        cleaned = super().clean()
        chosen = {line.pk for line in cleaned.get("lines") or ()}
        for rest in self.rests:
            quantity, amount = (f"{name}_{rest.line.pk}" for name in ("quantity", "amount"))
            typed = [name for name in (quantity, amount) if cleaned.get(name) is not None]
            if typed and rest.line.pk not in chosen:
                self.add_error(typed[0], _now("Vink deze regel ook aan, of maak dit leeg."))
            elif len(typed) == 2:
                self.add_error(amount, _now("Vul een aantal of een bedrag in, niet allebei."))
            elif typed == [quantity] and cleaned[quantity] > rest.number:
                self.add_error(quantity, _now("Hiervan zijn er nog %(count)s.") % {"count": number_format(rest.number.normalize())})
            elif typed == [amount] and cleaned[amount] > rest.amount:
                self.add_error(amount, _now("Hiervan is nog %(amount)s te crediteren.") % {"amount": euro(rest.amount)})
        return cleaned

    def parts(self):
        """What is credited, as `crediting.issue_credit_note` takes it."""
        typed = self.cleaned_data
        how_much = {line: {name: typed.get(f"{name}_{line.pk}") for name in ("quantity", "amount")} for line in typed["lines"]}
        return [crediting.Part(line, **typed_of_line) for line, typed_of_line in how_much.items()]


class PaymentForm(TwoColumns, forms.Form):
    """Money that came in for an invoice, or went back for a credit note; both are typed as a positive amount."""

    amount = forms.DecimalField(
        label=_("Bedrag"),
        localize=True,
        max_digits=11,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    paid_on = forms.DateField(
        label=_("Betaald op"), initial=timezone.localdate, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    method = forms.ChoiceField(label=_("Hoe"), choices=[choice for choice in Payment.Method.choices if choice[0] in Payment.REMOVABLE])
    note = forms.CharField(label=_("Toelichting"), required=False, max_length=140)
    goes_back = forms.BooleanField(label=_("Dit is een terugbetaling"), required=False)
    once_more = forms.BooleanField(label=_("Dit geld kwam er nog bij: deze factuur was al betaald"), required=False)
    seen = forms.DecimalField(widget=forms.HiddenInput, required=False)  # what was open on the page where this was typed
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)  # of this payment, so that pressing twice makes one

    def __init__(self, *args, invoice, **kwargs):
        super().__init__(*args, **kwargs)
        self.invoice = invoice
        self.is_overpaid = invoice.open_total < 0
        self.fields["seen"].initial = invoice.open_total
        if invoice.is_credit_note or invoice.open_total > 0:
            del self.fields["once_more"]
        if invoice.open_total:
            self.fields["amount"].initial = abs(invoice.open_total)
        if invoice.is_credit_note:
            del self.fields["goes_back"]
            self.fields["paid_on"].label = _("Terugbetaald op")
        else:
            self.fields["goes_back"].initial = self.is_overpaid

    def clean_paid_on(self):
        day = self.cleaned_data["paid_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Deze dag is nog niet geweest."))
        if day < self.invoice.issued_on:
            raise forms.ValidationError(_("Deze dag ligt voor de factuurdatum."))
        return day

    def clean(self):
        """What was booked since the page was opened is told first, and money for what is paid already is asked about."""
        cleaned = super().clean()
        if self.errors or Payment.objects.filter(key=cleaned["key"]).exists():
            return cleaned
        still_open = self.invoice.open_total
        if cleaned.get("seen") not in {None, still_open}:
            self.data = self.data.copy()
            self.data["seen"] = str(still_open)
            text = _now("Intussen is er iets geboekt: nog open is %(open)s. Klopt deze betaling ook, noteer die dan nog eens.")
            self.add_error("amount", text % {"open": euro(still_open)})
        elif "once_more" in self.fields and not (cleaned.get("goes_back") or cleaned["once_more"]):
            self.add_error("once_more", _now("Deze factuur is al betaald. Vink dit aan als er echt nog een betaling binnenkwam."))
        return cleaned

    def signed_amount(self):
        """Negative when it goes to the customer."""
        back = self.invoice.is_credit_note or self.cleaned_data["goes_back"]
        return -self.cleaned_data["amount"] if back else self.cleaned_data["amount"]


class BankForm(forms.Form):
    """A bank statement, which a worker reads."""

    file = forms.FileField(
        label=_("Bankafschrift"),
        widget=forms.FileInput(attrs={"accept": ".xml,.sta,.940,.swi,.txt,.mt940", "class": "form-control"}),
        error_messages={"required": _("Kies een bankafschrift."), "empty": _("Dit bestand is leeg.")},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > bank.MAX_BYTES:
            raise forms.ValidationError(_("Dit bestand is te groot; het maximum is 5 MB."))
        try:
            reading.refuse_at_sight(file.read())
        except NotAStatement as error:
            raise forms.ValidationError(str(error)) from None
        quotas.take("statements")
        return file

    def save(self, *, by):
        """Keep the file; a worker reads it."""
        file = self.cleaned_data["file"]
        file.seek(0)
        statement = BankStatement(file_name=file.name[-100:], created_by=by)
        statement.file.save(file.name, file, save=False)
        statement.save()
        return statement


class InvoiceNumberForm(TwoColumns, forms.Form):
    """The invoice with this number."""

    number = forms.CharField(label=_("Factuurnummer"), max_length=30)

    def clean_number(self):
        invoice = Invoice.objects.filter(number__iexact=self.cleaned_data["number"]).first()
        if invoice is None:
            raise forms.ValidationError(_("Er is geen factuur met dit nummer."))
        return invoice
