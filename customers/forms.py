from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms import LoginFields
from cleanconnect.forms import CompanyForm, NamedForm
from cleanconnect.identifiers import EuVatNumberField, IbanField, KvkNumberField, PostcodeField

from .duplicates import lookalikes
from .models import Branch, Contact, Country, Customer, CustomerType, validate_reversal


class CustomerTypeForm(NamedForm):
    class Meta:
        model = CustomerType
        fields = ["name", "is_private", "prices_include_vat", "mail_defect", "mail_approval", "mail_ready", "mail_redo"]


SECTIONS = (
    (_("Wie"), ["type", "name", "contact_name", "email", "password", "phone", "number", "language"]),
    (_("Adres"), ["postcode", "house_number", "street", "city", "country"]),
    (_("Zakelijk"), ["kvk_number", "vat_number", "vat_reversed", "po_required", "cost_centre_required"]),
    (
        _("Factureren en afspraken"),
        ["payment_term_days", "iban", "invoicing_profile", "invoice_per", "invoice_line_per_vehicle", "work_through_limit", "no_reminders"],
    ),
    (_("E-factuur"), ["e_invoice", "e_address", "oin_number", "e_invoice_pdf"]),
    (_("Berichten"), ["mail_defect", "mail_approval", "mail_ready", "mail_redo"]),
    (_("Notitie"), ["note"]),
)
HAVE_DEFAULTS = ("country", "language", "invoicing_profile", "invoice_per", "e_invoice")
OF_A_BUSINESS = (2, 4)  # the sections that a private person has no use for


class AddressForm(CompanyForm):
    """With an address; a Dutch postcode is written the Dutch way, and street and place are looked up by it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["house_number"].help_text = _("Straat en plaats zoeken we er dan bij.")
        for name in ("postcode", "house_number"):
            self.fields[name].widget.attrs |= {
                "hx-get": reverse_lazy("customers:address"),
                "hx-trigger": "change",
                "hx-include": "#id_postcode, #id_house_number, #id_country",
                "hx-target": "#id_house_number_helptext",
                "hx-sync": "closest form:replace",
                "data-address": "",
            }

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("postcode") and (cleaned.get("country") or self.instance.country) == Country.NL:
            cleaned["postcode"] = PostcodeField().to_python(cleaned["postcode"])
        return cleaned


class CustomerForm(AddressForm):
    """A customer, in sections; what only a business has is left out of sight for a private person."""

    same_anyway = forms.BooleanField(required=False, label=_("Het is een andere klant: toch opslaan"))
    elsewhere = ("same_anyway",)

    class Meta:
        model = Customer
        fields = [name for _title, names in SECTIONS for name in names if name != "password"]
        field_classes = {"iban": IbanField, "kvk_number": KvkNumberField, "vat_number": EuVatNumberField}
        widgets = {
            "phone": forms.TextInput(attrs={"type": "tel"}),
            "kvk_number": forms.TextInput(attrs={"inputmode": "numeric"}),
            "work_through_limit": forms.TextInput(attrs={"inputmode": "decimal"}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lookalikes = []
        for name in HAVE_DEFAULTS:
            self.fields[name].required = False
        private = CustomerType.objects.filter(is_private=True).values_list("pk", flat=True)
        self.fields["type"].widget.attrs["data-private"] = " ".join(str(pk) for pk in private)

    @property
    def helper(self):
        helper = super().helper
        parts = []
        for number, (title, names) in enumerate(SECTIONS):
            inside = Div(*(Div(name, css_class=self._width(name)) for name in names if name in self.fields), css_class="row")
            parts.append(Fieldset(title, inside, css_class="section business" if number in OF_A_BUSINESS else "section"))
        helper.layout = Layout(*parts)
        return helper

    def clean_number(self):
        number = self.cleaned_data["number"]
        if number and Customer.objects.filter(number=number).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Er is al een klant met dit klantnummer."))
        return number

    def clean(self):
        cleaned = super().clean()
        for name in HAVE_DEFAULTS:
            if not cleaned.get(name) and name not in self.errors:
                cleaned[name] = getattr(self.instance, name)
        if cleaned.get("vat_reversed") and not {"country", "vat_number"} & set(self.errors):
            try:
                validate_reversal(cleaned.get("country"), cleaned.get("vat_number"))
            except ValidationError as error:
                self.add_error(None, error)
        if not self.errors and not cleaned.get("same_anyway"):
            about = {name: cleaned.get(name, "") for name in ("name", "email", "kvk_number")}
            if not self.instance.pk or {"name", "email", "kvk_number"} & set(self.changed_data):
                self.lookalikes = lookalikes(**about, other_than=self.instance.pk)
            if self.lookalikes:
                self.add_error(None, _("Deze klant lijkt er al te zijn. Kijk eerst hieronder."))
        return cleaned

    def changes(self):
        """`[(label, old, new), …]` of what was edited, for the history."""
        found = []
        for name in self.changed_data:
            if name in self._meta.fields:
                field = self[name].field
                old, new = self._said(field, self.initial.get(name)), self._said(field, self.cleaned_data[name])
                found += [(self[name].label, old, new)] if old != new else []
        return found

    @staticmethod
    def _said(field, value):
        if isinstance(value, bool):
            return _("ja") if value else _("nee")
        if isinstance(field, forms.ModelChoiceField):
            return str(field.queryset.model.objects.filter(pk=getattr(value, "pk", value)).first() or "")
        return str(dict(getattr(field, "choices", [])).get(value, "" if value is None else value))[:80]


class NewCustomerForm(LoginFields, CustomerForm):
    """With an e-mail address and a password the customer gets a login, and the login details by mail."""

    password = forms.CharField(
        label=_("Wachtwoord"),
        required=False,
        strip=False,
        max_length=128,
        help_text=_(
            "Vult u het e-mailadres en een wachtwoord in, dan ontvangt de klant automatisch inloggegevens per e-mail. "
            "Zonder wachtwoord bewaren we alleen het adres en krijgt de klant geen login. Ten minste 10 tekens."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = [*CustomerForm.Meta.fields[:4], "password"]


class BranchForm(AddressForm):
    """Vestiging."""

    class Meta:
        model = Branch
        fields = ["name", "cost_centre", "postcode", "house_number", "street", "city", "country"]

    def _update_errors(self, errors):
        found = getattr(errors, "error_dict", {})
        if NON_FIELD_ERRORS in found:
            found.setdefault("name", []).extend(found.pop(NON_FIELD_ERRORS))
        super()._update_errors(errors)

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"customer"}


class ContactForm(CompanyForm):
    """Contactpersoon; the branches to choose from are the customer's own."""

    class Meta:
        model = Contact
        fields = ["name", "email", "phone", "branch", "for_planning", "for_approval", "for_invoices"]
        widgets = {"phone": forms.TextInput(attrs={"type": "tel"})}
        help_texts = {
            "for_planning": _("Krijgt berichten over wanneer het voertuig komt en klaar is."),
            "for_approval": _("Krijgt mankementen en beslist over extra werk."),
            "for_invoices": _("Krijgt de facturen."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = self.fields["branch"].queryset.filter(customer=self.instance.customer_id)
        if not self.fields["branch"].queryset.exists():
            del self.fields["branch"]
