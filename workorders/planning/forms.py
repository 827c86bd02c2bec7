from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.forms import CompanyForm, NamedForm, TwoColumns

from ..forms import staff
from ..models import Bay, CalendarFeed, SpecialDay, WorkingDay


class PlanForm(TwoColumns, forms.Form):
    """When, how long, by whom and where an order is done."""

    planned_on = forms.DateField(
        label=_("Datum"), required=False, localize=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    planned_time = forms.TimeField(
        label=_("Begintijd"), required=False, localize=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 300})
    )
    planned_minutes = forms.IntegerField(label=_("Duur in minuten"), required=False, min_value=5, max_value=6000)
    bay = forms.ModelChoiceField(label=_("Werkplek"), queryset=Bay.objects.active(), required=False, empty_label="")
    assigned = forms.ModelMultipleChoiceField(
        label=_("Werknemers"), queryset=Membership.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    wide = ("assigned",)
    elsewhere = ("version",)

    def __init__(self, *args, order, **kwargs):
        initial = {
            "planned_on": order.planned_on,
            "planned_time": order.planned_time,
            "planned_minutes": order.planned_minutes,
            "bay": order.bay_id,
            "assigned": list(order.assignments.values_list("membership_id", flat=True)),
            "version": order.version,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["planned_minutes"].widget.attrs["placeholder"] = order.expected_minutes or ""
        self.fields["assigned"].queryset = staff().filter(is_active=True) | staff().filter(pk__in=initial["assigned"])
        if order.bay_id:
            self.fields["bay"].queryset |= Bay.objects.filter(pk=order.bay_id)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("planned_time") and not cleaned.get("planned_on") and "planned_on" not in self.errors:
            self.add_error("planned_on", _("Bij een begintijd hoort een datum."))
        return cleaned

    def plan(self):
        """What was filled in right, in things that JSON knows and without the version."""
        data = self.cleaned_data
        keys = {"bay": data["bay"] and data["bay"].pk, "assigned": sorted(person.pk for person in data["assigned"])}
        return {name: data[name] for name in self.fields if name not in self.elsewhere} | keys

    def show_version(self, version):
        """What is sent the next time is a change of this version."""
        self.data = self.data.copy()
        self.data["version"] = version


class BayForm(NamedForm):
    class Meta:
        model = Bay
        fields = ["name", "position"]


class SpecialDayForm(CompanyForm):
    class Meta:
        model = SpecialDay
        fields = ["day", "membership", "reason", "is_open"]
        widgets = {"day": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
        help_texts = {"membership": _("Leeg: het hele bedrijf."), "is_open": _("Bijvoorbeeld op een feestdag waarop u toch werkt.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].localize = False
        self.fields["membership"].queryset = staff().filter(is_active=True)


class FeedForm(CompanyForm):
    class Meta:
        model = CalendarFeed
        fields = ["membership"]
        help_texts = {"membership": _("Leeg: alle werkorders van het bedrijf.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = staff().filter(is_active=True)


class WorkingDayForm(forms.ModelForm):
    class Meta:
        model = WorkingDay
        fields = ["starts_at", "ends_at", "break_minutes"]
        widgets = {name: forms.TimeInput(format="%H:%M", attrs={"type": "time"}) for name in ("starts_at", "ends_at")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.localize = False
            field.widget.attrs |= {"class": "form-control", "aria-label": f"{self.instance.get_weekday_display()} {field.label}"}

    def clean(self):
        cleaned = super().clean()
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if bool(starts_at) != bool(ends_at):
            raise ValidationError(_("Vul allebei de tijden in, of geen van beide als er niet wordt gewerkt."))
        if starts_at and ends_at <= starts_at:
            self.add_error("ends_at", _("De eindtijd ligt niet na de begintijd."))
        return cleaned

    def validate_constraints(self):
        """The times are compared above; the rest is not in this form."""
