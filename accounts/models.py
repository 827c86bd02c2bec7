import re
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import connection, models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cleanconnect.money import PriceField
from cleanconnect.permissions import BOOKKEEPER, CUSTOMER, EMPLOYEE, MAY, OWNER, may
from cleanconnect.secret import SecretCharField
from cleanconnect.tenancy.context import company, person
from cleanconnect.tenancy.fields import CompanyField
from cleanconnect.tenancy.models import CompanyModel, OwnRowsManager
from cleanconnect.uploads import company_path
from cleanconnect.validators import validate_creditor_id, validate_iban, validate_kvk_number, validate_postcode, validate_vat_number


class CompanyManager(models.Manager):
    def found(self, **fields):
        """Create a company from nothing; its number is drawn first because the database lets a row in only under its own name."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('accounts_company', 'id'))")
            (pk,) = cursor.fetchone()
        with company(pk):
            return self.create(pk=pk, **fields)


class Company(models.Model):
    """The tenant: a car-detailing company (bedrijf)."""

    name = models.CharField(_("bedrijfsnaam"), max_length=100)
    street = models.CharField(_("straat en huisnummer"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=7, blank=True, validators=[validate_postcode])
    city = models.CharField(_("plaats"), max_length=80, blank=True)
    email = models.EmailField(_("e-mailadres"), blank=True)
    phone = models.CharField(_("telefoon"), max_length=30, blank=True)
    kvk_number = models.CharField(_("KvK-nummer"), max_length=8, blank=True, validators=[validate_kvk_number])
    vat_number = models.CharField(_("btw-id"), max_length=14, blank=True, validators=[validate_vat_number])
    iban = models.CharField(_("IBAN"), max_length=34, blank=True, validators=[validate_iban])
    creditor_id = models.CharField(
        _("incassant-ID"),
        max_length=35,
        blank=True,
        validators=[validate_creditor_id],
        help_text=_("Van uw bank, om te incasseren."),
    )
    is_small_business = models.BooleanField(
        _("kleineondernemersregeling (KOR)"), default=False, help_text=_("Op nieuwe facturen staat dan geen btw.")
    )
    prices_include_vat = models.BooleanField(
        _("prijzen inclusief btw"),
        default=False,
        help_text=_("Voor klanten waarvan het type niets anders zegt, en om mee te beginnen bij nieuwe handelingen."),
    )
    payment_term_days = models.PositiveSmallIntegerField(_("betalingstermijn in dagen"), default=14)
    reminder_first_days = models.PositiveSmallIntegerField(
        _("eerste herinnering na dagen"),
        default=7,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Geteld vanaf de vervaldatum."),
    )
    reminder_second_days = models.PositiveSmallIntegerField(
        _("tweede herinnering na dagen"),
        default=21,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Geteld vanaf de vervaldatum, en ten minste een week na de eerste."),
    )
    invoice_intro = models.CharField(_("tekst boven de regels"), max_length=300, blank=True)
    invoice_closing = models.CharField(_("tekst onder de factuur"), max_length=300, blank=True, default="Hartelijk dank voor uw opdracht.")
    invoice_number_format = models.CharField(
        _("factuurnummers"),
        max_length=20,
        default="{jaar}-{nummer}",
        blank=True,
        help_text=_("{nummer} telt door; {jaar} en {jj} zijn het jaar. Bijvoorbeeld {jaar}-{nummer} of F{jj}{nummer}."),
    )
    logo = models.ImageField(_("logo"), upload_to=company_path("logo"), blank=True)
    colour = models.CharField(
        _("kleur"),
        max_length=7,
        default="#0f5c7a",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Kies een kleur, bijvoorbeeld #0f5c7a."))],
    )
    tablet_lock_minutes = models.PositiveSmallIntegerField(
        _("tablet vergrendelen na minuten"), default=10, blank=True, validators=[MinValueValidator(1), MaxValueValidator(480)]
    )
    asks_signature = models.BooleanField(
        _("handtekening bij aflevering"), default=False, help_text=_("Wie de auto meeneemt, tekent op de tablet.")
    )
    keeps_originals = models.BooleanField(
        _("originele foto’s bewaren"),
        default=False,
        help_text=_("Ook de foto zoals de camera hem maakte, met plaats en tijd. Alleen u kunt die ophalen."),
    )
    employees_see_prices = models.BooleanField(_("werknemers zien prijzen"), default=False)
    start_guide_done_at = models.DateTimeField(_("startgids afgerond op"), null=True, editable=False)
    approved_at = models.DateTimeField(
        default=timezone.now, null=True, editable=False, help_text="None: a stranger signed it up, and the host has not looked at it yet"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CompanyManager()

    class Meta:
        verbose_name = _("bedrijf")

    def __str__(self):
        return self.name

    @property
    def sender_name(self):
        """As whom it mails: a company that strangers signed up does not pass for another."""
        return self.name if self.approved_at else f"{self.name} via CleanConnect"


class CompanyCostsManager(models.Manager):
    def current(self):
        """Those of the company that this code works for; not saved yet where nobody filled them in."""
        return self.first() or self.model()


class CompanyCosts(CompanyModel):
    """Kosten: what work costs the company. Apart from `Company`, because the database hides rows from customers, and no columns."""

    hourly_cost = PriceField(
        _("kosten van een uur werk"),
        default=Decimal(0),
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("In euro, voor de marge bij Kosten. Uw klanten zien dit nooit."),
    )

    objects = CompanyCostsManager()

    class Meta:
        verbose_name = _("kosten van het bedrijf")
        verbose_name_plural = _("kosten van het bedrijf")
        constraints = [models.UniqueConstraint(fields=["company"], name="companycosts_one")]

    def __str__(self):
        return str(self.hourly_cost)


class UserManager(DjangoUserManager):
    def of_address(self, email):
        """Logins with this e-mail address, the one whose holder confirmed it first, then the oldest.

        A stranger can give any number of logins somebody's address, so never more than a few are looked at.
        """
        users = self.filter(email=email.lower(), is_active=True) if email else self.none()
        confirmed = EmailAddress.objects.filter(user=models.OuterRef("pk"), email=models.OuterRef("email"), verified=True)
        return users.annotate(is_confirmed=models.Exists(confirmed)).order_by("-is_confirmed", "pk")[:5]

    def named(self, username, *, company=""):
        """The user who logs in with this name, or None.

        The number of the company may be left out: the name is then looked for in `company` (digits, from the browser) and, where that
        does not help, in all companies, when it is of one person only.
        """
        username = username.lower()
        if user := self.filter(username__iexact=username).first():
            return user
        if not re.fullmatch(r"[a-z0-9._-]{1,140}", username):
            return None
        if company.isdecimal() and (user := self.filter(username=f"{username}.{company}").first()):
            return user
        users = self.filter(username__startswith=f"{username}.", username__regex=rf"^{re.escape(username)}\.[0-9]+$")[:2]
        return users[0] if len(users) == 1 else None

    def holder(self, email):
        """The user who confirmed that this e-mail address is the own one, or None; at most one user can."""
        return next((user for user in self.of_address(email)[:1] if user.is_confirmed), None)


class User(AbstractUser):
    """A person who logs in; what someone may do, and where, is in the memberships.

    A login with an e-mail address is its holder's: a company can write to it and no more. One without is the company's that made it.
    Several logins may have the same address until one of them confirmed it (allauth's `EmailAddress`).
    """

    email = models.EmailField(_("e-mailadres"), blank=True, db_index=True, help_text="in lower case")
    must_change_password = models.BooleanField(_("moet een eigen wachtwoord kiezen"), default=False)

    objects = UserManager()

    class Meta:
        verbose_name = _("gebruiker")
        constraints = [
            models.UniqueConstraint(
                Lower("username"), name="user_username", violation_error_message=_("Deze gebruikersnaam is al in gebruik.")
            ),
        ]

    @property
    def login_name(self):
        """What the holder types at *klantlogin*."""
        return self.email or self.username

    @property
    def has_own_password(self):
        """Whether the password is one that the holder chose, and nobody typed for someone else."""
        return self.has_usable_password() and not self.must_change_password

    @property
    def has_confirmed_address(self):
        return EmailAddress.objects.filter(user=self, email=self.email, verified=True).exists()

    def is_member_elsewhere(self, than_company_id):
        """Whether this person also belongs to another company; an invitation that was not accepted is none."""
        with person(self.pk):
            return Membership.objects.filter(user=self, is_pending=False).exclude(company_id=than_company_id).exists()

    def is_known_elsewhere(self, than_company_id):
        """Whether another company names this person, be it with an invitation only."""
        with person(self.pk):
            return Membership.objects.filter(user=self).exclude(company_id=than_company_id).exists()


class MembershipQuerySet(models.QuerySet):
    def active(self):
        """Who belongs to the company now: not who left, nor who still has to accept."""
        return self.filter(is_active=True, is_pending=False)

    def who_may(self, permission):
        """Those whose role has this permission from the table; what a company switched on beside it (`prices.see`) is not asked."""
        return self.filter(role__in=MAY[permission])

    def to_enter(self, *, user, company, tablet):
        """All that a request needs of who it is from, in one row: the membership with its user and company, and `is_on_tablet`."""
        on_tablet = models.Exists(Tablet.objects.active().filter(pk=tablet))
        return self.active().filter(user=user, company=company).select_related("user", "company").annotate(is_on_tablet=on_tablet)

    def owners(self):
        """Those without whom nobody could let anyone in."""
        return self.active().who_may("users.manage")

    def settled(self):
        """Active, and come in: not those with an e-mail address who have not chosen a password yet."""
        no_own_password = models.Q(user__must_change_password=True) | models.Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        return self.active().exclude(~models.Q(user__email="") & no_own_password)


class Membership(models.Model):
    """A user's place in one company: owner (eigenaar), employee (werknemer), customer (klant) or bookkeeper (boekhouder)."""

    is_on_tablet = False  # but for `to_enter`, which asks

    class Role(models.TextChoices):
        OWNER = OWNER, _("Eigenaar")
        EMPLOYEE = EMPLOYEE, _("Werknemer")
        CUSTOMER = CUSTOMER, _("Klant")
        BOOKKEEPER = BOOKKEEPER, _("Boekhouder")

    company = CompanyField(customer_sees="own")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("gebruiker"))
    role = models.CharField(_("rol"), max_length=10, choices=Role)
    name = models.CharField(_("naam"), max_length=100)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, null=True, blank=True, related_name="memberships", verbose_name=_("klant")
    )
    is_active = models.BooleanField(_("actief"), default=True)
    is_pending = models.BooleanField(
        default=False, editable=False, help_text="of a login that exists; opens nothing until its holder accepted"
    )
    pin = SecretCharField(max_length=128, blank=True, editable=False, help_text="as a hash; opens a paired tablet, nothing else")
    pin_is_own = models.BooleanField(default=False, editable=False, help_text="chosen by its holder after logging in")
    pin_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    offline_key = SecretCharField(
        max_length=120, blank=True, editable=False, help_text="rounds, salt and key made of the PIN (PBKDF2), as accounts.tablets reads it"
    )
    language = models.CharField(_("taal op de tablet"), max_length=2, choices=settings.LANGUAGES, default="nl")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OwnRowsManager.from_queryset(MembershipQuerySet)()

    class Meta:
        verbose_name = _("gebruiker")
        verbose_name_plural = _("logins")
        constraints = [
            models.UniqueConstraint(fields=["company", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(role=CUSTOMER, customer__isnull=False) | (~models.Q(role=CUSTOMER) & models.Q(customer__isnull=True)),
                name="membership_customer",
                violation_error_message=_("Kies bij de rol klant de klant; bij een andere rol niet."),
            ),
        ]

    def __str__(self):
        return self.name

    def may(self, permission):
        return may(self, permission)

    @property
    def is_waiting(self):
        """Whether the holder of the address has still to come in; the screen tells no more, so that nobody sees whose address is known."""
        return self.is_pending or (self.user.email != "" and not self.user.has_own_password)

    @property
    def last_login(self):
        """When this person last logged in; nothing of a person who has not accepted."""
        return None if self.is_waiting else self.user.last_login


class PasswordRequest(models.Model):
    """What somebody typed at *wachtwoord vergeten*, until a worker has looked whether it is anybody's; no company knows of it."""

    login = models.CharField(max_length=254)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.created_at:%Y-%m-%d %H:%M}"


class Counter(CompanyModel):
    """The last number given in a series of a company, such as its work orders or this year's invoices."""

    series = models.CharField(max_length=30)
    last = models.PositiveIntegerField(default=0)
    began_at = models.PositiveIntegerField(default=0, help_text="the number before the first that we gave: where another program stopped")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "series"], name="counter_series")]

    def __str__(self):
        return f"{self.series}: {self.last}"


class TabletQuerySet(models.QuerySet):
    def active(self):
        return self.filter(revoked_at=None)


class Tablet(CompanyModel):
    """A tablet in the hall. It holds a key of which we keep the hash; revoking it ends its access at once."""

    name = models.CharField(_("naam van de tablet"), max_length=40)
    code_hash = SecretCharField(max_length=64, blank=True, editable=False)
    code_expires_at = models.DateTimeField(null=True, editable=False)
    key_hash = SecretCharField(max_length=64, blank=True, editable=False)
    public_key = models.CharField(
        max_length=400, blank=True, editable=False, help_text="what the tablet keeps is sealed for it, as accounts.tablets reads it"
    )
    paired_at = models.DateTimeField(_("gekoppeld op"), null=True, editable=False)
    seen_at = models.DateTimeField(_("laatst gezien op"), null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TabletQuerySet.as_manager()

    class Meta:
        verbose_name = _("tablet")
        verbose_name_plural = _("tablets")
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name
