from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import LoginFields
from cleanconnect.forms import CompanyForm, NamedForm
from cleanconnect.identifiers import KvkNumberField, PostcodeField, VatNumberField

from .models import Customer, CustomerType


class CustomerTypeForm(NamedForm):
    class Meta:
        model = CustomerType
        fields = ["name", "is_private"]


class CustomerForm(CompanyForm):
    class Meta:
        model = Customer
        fields = ["type", "name", "contact_name", "email", "phone", "street", "postcode", "city", "kvk_number", "vat_number", "note"]
        field_classes = {"postcode": PostcodeField, "kvk_number": KvkNumberField, "vat_number": VatNumberField}
        widgets = {
            "phone": forms.TextInput(attrs={"type": "tel"}),
            "kvk_number": forms.TextInput(attrs={"inputmode": "numeric"}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }


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
