import re
from decimal import Decimal
from itertools import pairwise

from allauth.account import forms as allauth_forms
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cleanconnect.choosing import SearchSelect
from cleanconnect.forms import CompanyForm, TwoColumns
from cleanconnect.identifiers import KvkNumberField, PostcodeField, SepaIbanField, VatNumberField
from cleanconnect.permissions import is_of_a_customer
from cleanconnect.quotas import clean_photo

from .holding import confirm_address
from .members import with_company
from .models import Company, CompanyCosts, Membership, Tablet, User
from .numbering import begin_at, invoice_series, next_of
from .tablets import read_public_key

username_validator = RegexValidator(r"^[A-Za-z0-9._-]+\Z", _("Gebruik alleen letters, cijfers, punten en streepjes."))


class LoginForm(TwoColumns, allauth_forms.LoginForm):
    """Klantlogin: user name or e-mail address, and password."""

    wide = ("login", "password", "remember")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Gebruikersnaam of e-mailadres")
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "placeholder": "", "autocapitalize": "none"}
        self.fields["password"].label = _("Wachtwoord")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs |= {"placeholder": ""}
        self.fields["remember"].label = _("Ingelogd blijven op dit apparaat")


class LoginFields:
    """For forms with which a company lets someone in: a password needs an address to send the login details to."""

    def clean_password(self):
        password = self.cleaned_data["password"]
        if password:
            validate_password(password, User(username=self.data.get("username", ""), email=self.data.get("email", "")))
        return password

    def clean(self):
        cleaned = super().clean()
        if (
            cleaned.get("password")
            and not cleaned.get("email")
            and not {"email", "username"} & set(self.errors)
            and not cleaned.get("username")
        ):
            self.add_error("email", _("Vul ook het e-mailadres in, dan kunnen we de inloggegevens sturen."))
        return cleaned


class MembershipForm(CompanyForm):
    """What someone is in this company, and the login where the company may still change it."""

    email = forms.EmailField(label=_("E-mailadres"), required=False, max_length=254)
    username = forms.CharField(label=_("Gebruikersnaam"), required=False, max_length=120, validators=[username_validator])

    class Meta:
        model = Membership
        fields = ["name", "role", "customer"]

    field_order = ["name", "role", "customer", "email", "username"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["customer"].help_text = _("Alleen bij de rol klant: van wie de orders en facturen te zien zijn.")
        self.fields["customer"].widget = SearchSelect("customers:choices")
        self.fields["customer"].widget.choices = self.fields["customer"].choices
        self.fields["role"].choices = [("", ""), *Membership.Role.choices]

    def clean_username(self):
        """With the number of the company behind it, so that it can be taken by somebody of this company only."""
        username = self.cleaned_data["username"].lower()
        if not username or (self.instance.pk and username == self.instance.user.username):
            return username
        username = with_company(username)
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("Deze gebruikersnaam is al in gebruik."))
        return username

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def clean(self):
        cleaned = super().clean()
        if is_of_a_customer(cleaned.get("role")) and not cleaned.get("customer") and "customer" not in self.errors:
            self.add_error("customer", _("Kies de klant."))
        if cleaned.get("role") and not is_of_a_customer(cleaned["role"]):
            cleaned["customer"] = None
            self.instance.customer = None
        return cleaned


class NewMembershipForm(LoginFields, MembershipForm):
    """Gebruiker aanmaken."""

    password = forms.CharField(
        label=_("Wachtwoord"),
        required=False,
        strip=False,
        max_length=128,
        help_text=_("Ten minste 10 tekens. De gebruiker moet het bij de eerste keer inloggen vervangen."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ["name", "role", "customer", "email", "username", "password"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("De gebruiker ontvangt de inloggegevens automatisch per e-mail.")
        suffix = with_company("")
        self.fields["username"].help_text = _("Voor wie geen e-mailadres heeft; er komt %(suffix)s achter. Leeg: wij kiezen er een.") % {
            "suffix": suffix
        }

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("email") and not cleaned.get("password") and not {"email", "password"} & set(self.errors):
            self.add_error("password", _("Vul een e-mailadres in, of een gebruikersnaam en een wachtwoord."))
        return cleaned


class EditMembershipForm(MembershipForm):
    """Gebruiker bewerken; the login is shown but fixed when the person also belongs to another company."""

    is_active = forms.BooleanField(
        label=_("Actief"), required=False, help_text=_("Een gebruiker die niet actief is, kan bij uw bedrijf niet meer inloggen.")
    )
    field_order = ["name", "role", "customer", "email", "username", "language", "is_active"]

    class Meta(MembershipForm.Meta):
        fields = ["name", "role", "customer", "language"]
        help_texts = {"language": _("Waarin een werknemer de schermen van de hal leest. Zelf kiezen kan ook, onder de eigen naam.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].required = False
        user = self.instance.user
        self.initial |= {"email": user.email, "username": user.username, "is_active": self.instance.is_active}
        if user.email:
            del self.fields["username"]
            self.fields["email"].required = True
            self.fields["email"].disabled = not self.instance.is_waiting
            self.fields["email"].help_text = (
                _("Een ander adres krijgt een nieuwe uitnodiging; de vorige vervalt.")
                if self.instance.is_waiting
                else _("Deze persoon beheert het e-mailadres en het wachtwoord zelf.")
            )
            return
        self.fields["username"].required = True
        if user.is_member_elsewhere(self.instance.company_id):
            for name in ("email", "username"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Deze persoon is ook gebruiker van een ander bedrijf en beheert de eigen login zelf.")

    @property
    def gives_password(self):
        """Whether the company gives this person a password, because there is no address to choose it by."""
        return "username" in self.fields and not self.fields["username"].disabled

    def clean_language(self):
        return self.cleaned_data["language"] or self.instance.language


class NewPasswordForm(TwoColumns, forms.Form):
    """A first password that the owner gives someone."""

    password = forms.CharField(
        label=_("Nieuw wachtwoord"),
        strip=False,
        max_length=128,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Ten minste 10 tekens. De gebruiker moet het bij de eerste keer inloggen vervangen."),
    )

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self):
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


class SignUpForm(TwoColumns, forms.Form):
    """Aanmelden: a new company with its first owner."""

    wide = ("company_name", "name", "email")
    company_name = forms.CharField(label=_("Bedrijfsnaam"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    name = forms.CharField(label=_("Uw naam"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label=_("E-mailadres"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class AskPasswordForm(TwoColumns, forms.Form):
    """Wachtwoord vergeten."""

    wide = ("login",)
    login = forms.CharField(
        label=_("Gebruikersnaam of e-mailadres"), max_length=254, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )


class OwnPassword(TwoColumns):
    """Choosing the own password: at least another one than the one somebody else typed."""

    wide = ("old_password", "new_password1", "new_password2")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("Nieuw wachtwoord")
        self.fields["new_password1"].help_text = " ".join(str(text) for text in password_validators_help_texts())
        self.fields["new_password2"].label = _("Nieuw wachtwoord, nog een keer")
        self.fields["new_password2"].help_text = ""

    def clean_new_password2(self):
        password = self.cleaned_data.get("new_password1")
        if password and self.user.check_password(password):
            raise ValidationError(_("Kies een ander wachtwoord dan het huidige."))
        return self.cleaned_data["new_password2"]

    def save(self, commit=True):
        self.user.must_change_password = False
        return super().save(commit)


class FirstPasswordForm(OwnPassword, SetPasswordForm):
    """After logging in with a password that the owner typed."""


class OwnAddressForm(TwoColumns, forms.Form):
    """E-mailadres wijzigen, by the holder of the login, who types the password."""

    wide = ("email", "old_password")
    email = forms.EmailField(label=_("Nieuw e-mailadres"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    old_password = forms.CharField(
        label=_("Uw wachtwoord"), strip=False, max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, user, *args, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def clean_old_password(self):
        if not self.user.check_password(self.cleaned_data["old_password"]):
            raise ValidationError(_("Dit is niet uw wachtwoord."))
        return self.cleaned_data["old_password"]


class ChangePasswordForm(OwnPassword, PasswordChangeForm):
    """Wachtwoord wijzigen."""


class PersonalLinkForm(OwnPassword, SetPasswordForm):
    """Behind the mailed link, whose opening also confirms the e-mail address."""

    def save(self, commit=True):
        user = super().save(commit)
        confirm_address(user)
        return user


COMPANY_SECTIONS = (
    (_("Bedrijf"), ["name", "email", "phone", "street", "postcode", "city", "kvk_number", "logo", "colour"]),
    (
        _("Facturen"),
        [
            *("vat_number", "iban", "creditor_id", "is_small_business", "prices_include_vat", "payment_term_days"),
            *("invoice_number_format", "first_number"),
            *("reminder_first_days", "reminder_second_days", "invoice_intro", "invoice_closing"),
        ],
    ),
    (_("Werk en tablets"), ["hourly_cost", "tablet_lock_minutes", "asks_signature", "keeps_originals", "employees_see_prices"]),
)


class CompanySettingsForm(TwoColumns, forms.ModelForm):
    """Bedrijfsgegevens, in sections."""

    hourly_cost = CompanyCosts._meta.get_field("hourly_cost").formfield()
    first_number = forms.IntegerField(
        label=_("Volgende factuurnummer"),
        required=False,
        min_value=1,
        max_value=9_999_999,
        help_text=_("Stapt u in de loop van het jaar over? Vul het nummer na uw laatste in. Na uw eerste factuur hier kan dat niet meer."),
    )

    class Meta:
        model = Company
        fields = [name for _title, names in COMPANY_SECTIONS for name in names if name not in {"hourly_cost", "first_number"}]
        field_classes = {"postcode": PostcodeField, "kvk_number": KvkNumberField, "vat_number": VatNumberField, "iban": SepaIbanField}
        widgets = {
            "colour": forms.TextInput(attrs={"type": "color"}),
            "logo": forms.ClearableFileInput(attrs={"accept": "image/*"}),
            "invoice_intro": forms.Textarea(attrs={"rows": 2}),
            "invoice_closing": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "tablet_lock_minutes": _("Daarna kiest een werknemer opnieuw zijn naam en pincode."),
            "employees_see_prices": _("Staat dit uit, dan ziet een werknemer nergens een prijs."),
            "logo": _("Op uw schermen, facturen en klantenkaarten. JPEG, PNG of WebP."),
            "iban": _("Staat op de factuur."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("hourly_cost", CompanyCosts.objects.current().hourly_cost)
        number, may_begin = next_of(invoice_series(self.instance.invoice_number_format, timezone.localdate()))
        if may_begin:
            self.initial.setdefault("first_number", number)
        else:
            del self.fields["first_number"]

    def save(self, commit=True):
        number = self.cleaned_data.get("first_number")
        if number and number != next_of(self.series)[0]:
            begin_at(self.series, number)
        CompanyCosts.objects.update_or_create(defaults={"hourly_cost": self.cleaned_data["hourly_cost"]})
        return super().save(commit)

    @property
    def helper(self):
        helper = super().helper
        shown = [(title, [name for name in names if name in self.fields]) for title, names in COMPANY_SECTIONS]
        parts = [(title, Div(*(Div(name, css_class=self._width(name)) for name in names), css_class="row")) for title, names in shown]
        helper.layout = Layout(*(Fieldset(title, inside, css_class="section") for title, inside in parts))
        return helper

    @property
    def series(self):
        """Of the invoice numbers in the format that was typed."""
        return invoice_series(self.cleaned_data["invoice_number_format"], timezone.localdate())

    def clean_invoice_number_format(self):
        """{nummer} once, among letters, digits, signs and the year."""
        own = self.cleaned_data["invoice_number_format"] or Company._meta.get_field("invoice_number_format").default
        if own.count("{nummer}") != 1 or not re.fullmatch(r"(?:[A-Za-z0-9/._-]|\{nummer\}|\{jaar\}|\{jj\})+", own):
            raise ValidationError(_("Gebruik {nummer} één keer, en verder letters, cijfers, - / . _ en eventueel {jaar} of {jj}."))
        return own

    def clean_hourly_cost(self):
        return self.cleaned_data["hourly_cost"] or Decimal(0)

    def clean(self):
        """What was left empty is as it is for a new company."""
        cleaned = super().clean()
        for name in ("tablet_lock_minutes", "reminder_first_days", "reminder_second_days"):
            if cleaned.get(name) is None and name not in self.errors:
                cleaned[name] = Company._meta.get_field(name).default
        if cleaned.get("first_number") and "invoice_number_format" not in self.errors:
            number, may_begin = next_of(self.series)
            if not may_begin and cleaned["first_number"] != number:
                text = _("In deze vorm zijn al facturen gemaakt; de volgende krijgt nummer %(number)s.")
                self.add_error("first_number", ValidationError(text, params={"number": number}))
        return cleaned

    def clean_logo(self):
        logo = self.cleaned_data["logo"]
        if logo and logo != self.instance.logo:
            return clean_photo(logo, max_size=(600, 240), format="PNG", at_once=True)
        return logo


class TabletForm(CompanyForm):
    class Meta:
        model = Tablet
        fields = ["name"]
        help_texts = {"name": _("Bijvoorbeeld: wasbrug, poetshal.")}


class PairForm(TwoColumns, forms.Form):
    wide = ("code",)
    code = forms.CharField(
        label=_("Code"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"})
    )


class TabletKeyForm(forms.Form):
    """The public key that a tablet says by itself."""

    key = forms.CharField(max_length=Tablet._meta.get_field("public_key").max_length)

    def clean_key(self):
        key = self.cleaned_data["key"]
        try:
            read_public_key(key)
        except ValueError:
            raise ValidationError(_("Dit is geen sleutel van een tablet.")) from None
        return key


GUESSED_FIRST = {"2580", "0852", "1122", "2211", "1221"}  # besides repeats and rows


class PinForm(TwoColumns, forms.Form):
    wide = ("pin",)
    pin = forms.RegexField(
        label=_("Pincode"),
        regex=r"\A[0-9]{4}\Z",
        error_messages={"invalid": _("Een pincode is vier cijfers.")},
        widget=forms.PasswordInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "4", "pattern": "[0-9]*", "data-pin": "", "autofocus": True}
        ),
    )


class NewPinForm(PinForm):
    """A PIN that is given or chosen: not one of those that a colleague tries first."""

    def clean_pin(self):
        pin = self.cleaned_data["pin"]
        steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
        if steps in ({0}, {1}, {9}) or pin[:2] == pin[2:] or pin in GUESSED_FIRST:
            raise forms.ValidationError(_("Deze pincode is te makkelijk te raden. Kies vier andere cijfers."))
        return pin
