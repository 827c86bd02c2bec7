from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cleanconnect.forms import CompanyForm

from . import wording
from .events import by_key
from .models import MailText, Message


class ResendForm(CompanyForm):
    """*Opnieuw verzenden*, to another address where that was the matter; a mail with a personal link stays with its address."""

    class Meta:
        model = Message
        fields = ["to_email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_email"].disabled = self.instance.user_id is not None


class ResendSeveralForm(forms.Form):
    """*Niet aangekomen*: which of these messages go out once more; ticked are those that no mail server refused for good."""

    messages = forms.ModelMultipleChoiceField(
        Message.objects.none(),
        error_messages={
            "required": _lazy("Vink eerst aan welke berichten u opnieuw wilt verzenden."),
            "invalid_choice": _lazy("Een van deze berichten wacht al op verzending. Bekijk de lijst opnieuw."),
        },
    )

    def __init__(self, *args, among, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["messages"].queryset = Message.objects.filter(pk__in=[message.pk for message in among])


class MailTextForm(CompanyForm):
    """The company's own text of a mail; words between braces have to be words of that mail."""

    wide = ("subject",)

    class Meta:
        model = MailText
        fields = ["subject", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 16})}

    def _known(self, text):
        if unknown := wording.unknown_words(self.instance.event, text):
            raise ValidationError(
                _("{%(word)s} kennen we niet. Kies uit: %(words)s.")
                % {"word": unknown[0], "words": ", ".join(f"{{{word}}}" for word in by_key()[self.instance.event].words)}
            )
        return text

    def clean_subject(self):
        return self._known(self.cleaned_data["subject"])

    def clean_body(self):
        body = self._known(self.cleaned_data["body"])
        if missing := wording.missing_words(self.instance.event, body):
            raise ValidationError(_("Zonder {%(word)s} kan niemand met deze mail inloggen.") % {"word": missing[0]})
        return body
