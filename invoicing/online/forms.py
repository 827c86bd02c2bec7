import re

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cleanconnect.forms import TwoColumns
from cleanconnect.outside import Unavailable
from invoicing.models import PaymentAccount

from . import mollie


class AccountForm(TwoColumns, forms.Form):
    """The key of the company's account with Mollie; it is tried, and never shown again."""

    wide = ("key",)
    key = forms.CharField(
        label=_("API-sleutel van Mollie"),
        max_length=100,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "U vindt hem in uw account bij Mollie, onder Ontwikkelaars. Met een sleutel die met test_ begint, betaalt niemand echt."
        ),
    )

    def clean_key(self):
        key = self.cleaned_data["key"].strip()
        if not re.fullmatch(r"(live|test)_[A-Za-z0-9]{20,60}", key):
            raise forms.ValidationError(_("Een sleutel van Mollie begint met live_ of test_, met daarachter letters en cijfers."))
        try:
            if not mollie.is_key(key):
                raise forms.ValidationError(_("Mollie kent deze sleutel niet."))
        except Unavailable:
            raise forms.ValidationError(_("Mollie antwoordt nu niet, dus de sleutel is niet gecontroleerd. Probeer het later.")) from None
        return key

    def save(self, *, by):
        account = PaymentAccount.objects.first() or PaymentAccount()
        account.key, account.set_by, account.set_at = self.cleaned_data["key"], by, timezone.now()
        account.save()
