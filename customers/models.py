from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.archiving import Archivable, ArchivableQuerySet
from cleanconnect.money import PriceField
from cleanconnect.tenancy.fields import CompanyField
from cleanconnect.tenancy.models import CompanyModel, OwnRowsManager
from cleanconnect.validators import (
    EU,
    is_vat_number_of,
    validate_e_address,
    validate_eu_vat_number,
    validate_iban,
    validate_kvk_number,
    validate_oin_number,
    validate_postcode,
)
from notifications.models import Language


class CustomerType(CompanyModel, Archivable):
    """Type klant, as the company divides its customers: zakelijk, particulier, nieuw, bestaand…"""

    company = CompanyField(customer_sees="all")
    name = models.CharField(_("naam"), max_length=60)
    is_private = models.BooleanField(
        _("particulier"), default=False, help_text=_("Particulieren zien prijzen inclusief btw; zakelijke klanten exclusief btw.")
    )
    prices_include_vat = models.BooleanField(
        _("prijzen"),
        null=True,
        blank=True,
        choices=[(None, _("zoals bij Bedrijfsgegevens")), (True, _("inclusief btw")), (False, _("exclusief btw"))],
        help_text=_("Zo worden ze getypt, getoond, aangeboden en gefactureerd; bij inclusief is wat u typt precies wat de klant betaalt."),
    )
    mail_defect = models.BooleanField(_("mail bij een mankement"), default=True)
    mail_approval = models.BooleanField(_("mail om akkoord voor extra werk"), default=True)
    mail_ready = models.BooleanField(_("mail als de auto klaar is"), default=False)
    mail_redo = models.BooleanField(_("mail als werk wordt overgedaan"), default=False)

    class Meta:
        verbose_name = _("type klant")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "company",
                Lower("name"),
                condition=models.Q(archived_at=None),
                name="customertype_name",
                violation_error_message=_("Er is al een type klant met deze naam."),
            )
        ]

    def __str__(self):
        return self.name


class Country(models.TextChoices):
    """Landen (ISO 3166-1) where customers live: all of the European Union, and those about it."""

    NL = "NL", _("Nederland")
    BE = "BE", _("België")
    DE = "DE", _("Duitsland")
    FR = "FR", _("Frankrijk")
    LU = "LU", _("Luxemburg")
    GB = "GB", _("Verenigd Koninkrijk")
    BG = "BG", _("Bulgarije")
    CY = "CY", _("Cyprus")
    DK = "DK", _("Denemarken")
    EE = "EE", _("Estland")
    FI = "FI", _("Finland")
    GR = "GR", _("Griekenland")
    HU = "HU", _("Hongarije")
    IE = "IE", _("Ierland")
    IT = "IT", _("Italië")
    HR = "HR", _("Kroatië")
    LV = "LV", _("Letland")
    LT = "LT", _("Litouwen")
    MT = "MT", _("Malta")
    NO = "NO", _("Noorwegen")
    AT = "AT", _("Oostenrijk")
    PL = "PL", _("Polen")
    PT = "PT", _("Portugal")
    RO = "RO", _("Roemenië")
    SI = "SI", _("Slovenië")
    SK = "SK", _("Slowakije")
    ES = "ES", _("Spanje")
    CZ = "CZ", _("Tsjechië")
    SE = "SE", _("Zweden")
    CH = "CH", _("Zwitserland")


class Addressed(models.Model):
    """Something with an address: a Dutch one is postcode and house number, a foreign one is taken as it is written."""

    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    house_number = models.CharField(_("huisnummer"), max_length=12, blank=True)
    street = models.CharField(_("straat"), max_length=120, blank=True)
    city = models.CharField(_("plaats"), max_length=80, blank=True)
    country = models.CharField(_("land"), max_length=2, choices=Country, default=Country.NL)

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        if self.postcode and self.country == Country.NL:
            try:
                validate_postcode(self.postcode)
            except ValidationError as error:
                raise ValidationError({"postcode": error}) from None

    @property
    def street_and_number(self):
        return f"{self.street} {self.house_number}".strip()


class InvoicingProfile(models.TextChoices):
    """How often finished work is invoiced."""

    ORDER = "order", _("Per werkorder")
    WEEK = "week", _("Per week")
    MONTH = "month", _("Per maand")


class InvoicePer(models.TextChoices):
    """What a customer who is invoiced per week or month wants an invoice of its own for."""

    ALL = "all", _("Alles op één factuur")
    BRANCH = "branch", _("Een factuur per vestiging")
    COST_CENTRE = "centre", _("Een factuur per kostenplaats")
    PO = "po", _("Een factuur per inkoopnummer")
    VEHICLE = "vehicle", _("Een factuur per voertuig")


class EInvoice(models.TextChoices):
    """In which form a customer gets e-invoices beside the PDF."""

    NONE = "none", _("Geen e-factuur, alleen een PDF")
    PEPPOL = "peppol", _("UBL volgens Peppol BIS 3.0")
    NLCIUS = "nlcius", _("UBL volgens NLCIUS (SI-UBL 2.0)")


def validate_reversal(country, vat_number):
    """Refuse to reverse VAT to who is no business elsewhere in the EU, by its btw-id."""
    if country == Country.NL or country not in EU or not vat_number:
        raise ValidationError({"vat_reversed": _("Verleggen kan alleen naar een ondernemer in een ander EU-land; vul land en btw-id in.")})
    if not is_vat_number_of(vat_number, country):
        raise ValidationError({"vat_number": _("Dit is geen btw-id van het land van de klant; dan kan de btw niet worden verlegd.")})


AS_TYPE = [(None, _("Zoals het type klant")), (True, _("Wel")), (False, _("Niet"))]


class CustomerQuerySet(ArchivableQuerySet):
    def search(self, text):
        """Customers with this text in their name, number, contact, place, e-mail address or KvK number."""
        columns = ("name", "number", "contact_name", "city", "email", "kvk_number")
        return self.filter(models.Q.create([(f"{column}__icontains", text) for column in columns], connector=models.Q.OR))


class Customer(CompanyModel, Archivable, Addressed):
    """Klant: a dealer, a lease company or a private person."""

    company = CompanyField(customer_sees="self", hidden=("note",))
    number = models.CharField(_("klantnummer"), max_length=20, blank=True, help_text=_("Leeg: het volgende nummer."))
    type = models.ForeignKey(CustomerType, on_delete=models.PROTECT, related_name="customers", verbose_name=_("type klant"))
    name = models.CharField(_("naam"), max_length=100)
    contact_name = models.CharField(_("contactpersoon"), max_length=100, blank=True)
    email = models.EmailField(_("e-mailadres"), blank=True)
    phone = models.CharField(_("telefoon"), max_length=30, blank=True)
    kvk_number = models.CharField(_("KvK-nummer"), max_length=8, blank=True, validators=[validate_kvk_number])
    vat_number = models.CharField(_("btw-id"), max_length=14, blank=True, validators=[validate_eu_vat_number])
    vat_reversed = models.BooleanField(
        _("btw verlegd"), default=False, help_text=_("Alleen voor een ondernemer in een ander EU-land, met een btw-id.")
    )
    iban = models.CharField(_("IBAN"), max_length=34, blank=True, validators=[validate_iban])
    language = models.CharField(_("taal van de mails"), max_length=2, choices=Language, default=Language.DUTCH)
    payment_term_days = models.PositiveSmallIntegerField(
        _("betalingstermijn in dagen"), null=True, blank=True, validators=[MaxValueValidator(120)], help_text=_("Leeg: die van uw bedrijf.")
    )
    invoicing_profile = models.CharField(_("factureren"), max_length=5, choices=InvoicingProfile, default=InvoicingProfile.ORDER)
    invoice_per = models.CharField(_("bij week of maand"), max_length=7, choices=InvoicePer, default=InvoicePer.ALL)
    invoice_line_per_vehicle = models.BooleanField(
        _("een regel per auto"), default=False, help_text=_("Anders staat op de factuur een regel per handeling.")
    )
    e_invoice = models.CharField(_("e-factuur"), max_length=6, choices=EInvoice, default=EInvoice.NONE)
    oin_number = models.CharField(
        _("OIN"), max_length=20, blank=True, validators=[validate_oin_number], help_text=_("Van een overheid: 20 cijfers.")
    )
    e_address = models.CharField(
        _("elektronisch adres"),
        max_length=60,
        blank=True,
        validators=[validate_e_address],
        help_text=_("Peppol-adres, zoals 0106:12345678. Leeg: het OIN of KvK-nummer."),
    )
    e_invoice_pdf = models.BooleanField(_("PDF in de e-factuur"), default=False)
    po_required = models.BooleanField(_("inkoopnummer verplicht"), default=False)
    cost_centre_required = models.BooleanField(_("kostenplaats verplicht"), default=False)
    no_reminders = models.BooleanField(_("geen herinneringen sturen"), default=False)
    work_through_limit = PriceField(
        _("doorwerken tot"),
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Extra werk tot dit bedrag excl. btw mag zonder te vragen. Leeg: altijd vragen."),
    )
    mail_defect = models.BooleanField(_("mail bij een mankement"), choices=AS_TYPE, null=True, blank=True)
    mail_approval = models.BooleanField(_("mail om akkoord voor extra werk"), choices=AS_TYPE, null=True, blank=True)
    mail_ready = models.BooleanField(_("mail als de auto klaar is"), choices=AS_TYPE, null=True, blank=True)
    mail_redo = models.BooleanField(_("mail als werk wordt overgedaan"), choices=AS_TYPE, null=True, blank=True)
    note = models.TextField(_("notitie"), max_length=2000, blank=True, help_text=_("Alleen voor uzelf; de klant ziet dit niet."))
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="merged", help_text="what was hers is there now"
    )
    anonymised_at = models.DateTimeField(_("geanonimiseerd op"), null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("klant")
        verbose_name_plural = _("klanten")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "number"],
                condition=~models.Q(number=""),
                name="customer_number",
                violation_error_message=_("Er is al een klant met dit klantnummer."),
            )
        ]
        indexes = [
            models.Index("company", Lower("name"), name="customer_name"),
            models.Index("company", Lower("email"), name="customer_email", condition=~models.Q(email="")),
            models.Index(fields=["company", "kvk_number"], name="customer_kvk", condition=~models.Q(kvk_number="")),
        ]

    def __str__(self):
        return self.name

    @property
    def prices_include_vat(self):
        """Whether what is offered and sold to it has prices including VAT; where no VAT is charged there is none to include."""
        if self.has_vat_reversed or self.company.is_small_business:
            return False
        of_type = self.type.prices_include_vat
        return self.company.prices_include_vat if of_type is None else of_type

    @property
    def has_vat_reversed(self):
        """Whether VAT is reversed to it: agreed, and a business elsewhere in the EU with a btw-id of its country (Wet OB, art. 6)."""
        return self.vat_reversed and self.country != Country.NL and is_vat_number_of(self.vat_number, self.country)


class Branch(CompanyModel, Archivable, Addressed):
    """Vestiging of a customer, with its own address and contacts."""

    company = CompanyField(customer_sees="own")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="branches", verbose_name=_("klant"))
    name = models.CharField(_("naam van de vestiging"), max_length=100)
    cost_centre = models.CharField(_("kostenplaats"), max_length=40, blank=True)

    objects = OwnRowsManager.from_queryset(ArchivableQuerySet)()

    class Meta:
        verbose_name = _("vestiging")
        verbose_name_plural = _("vestigingen")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "company",
                models.F("customer"),
                Lower("name"),
                condition=models.Q(archived_at=None),
                name="branch_name",
                violation_error_message=_("Deze klant heeft al een vestiging met deze naam."),
            )
        ]

    def __str__(self):
        return self.name


class Contact(CompanyModel):
    """Contactpersoon of a customer or of one of its branches, and for what this person is asked."""

    company = CompanyField(customer_sees="own")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("klant"))
    branch = models.ForeignKey(
        Branch, on_delete=models.CASCADE, null=True, blank=True, related_name="contacts", verbose_name=_("vestiging")
    )
    name = models.CharField(_("naam"), max_length=100)
    email = models.EmailField(_("e-mailadres"), blank=True)
    phone = models.CharField(_("telefoon"), max_length=30, blank=True)
    for_planning = models.BooleanField(_("planning"), default=False)
    for_approval = models.BooleanField(_("akkoord"), default=False)
    for_invoices = models.BooleanField(_("facturen"), default=False)

    objects = OwnRowsManager()

    class Meta:
        verbose_name = _("contactpersoon")
        verbose_name_plural = _("contactpersonen")
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name


class CustomerEvent(CompanyModel):
    """A line of a customer's history (historie): what was changed, when and by whom (None: by a task)."""

    class Kind(models.TextChoices):
        CREATED = "created", _("Aangemaakt")
        CHANGED = "changed", _("Gewijzigd")
        PRICES = "prices", _("Prijzen")
        MERGED = "merged", _("Samengevoegd")
        ARCHIVED = "archived", _("Gearchiveerd")
        RESTORED = "restored", _("Teruggezet")
        IMPORTED = "imported", _("Geïmporteerd")
        ANONYMISED = "anonymised", _("Geanonimiseerd")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("wat"), max_length=10, choices=Kind)
    text = models.CharField(_("toelichting"), max_length=500, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("door"))
    happened_at = models.DateTimeField(_("wanneer"), default=timezone.now)

    class Meta:
        verbose_name = _("gebeurtenis")
        verbose_name_plural = _("regels geschiedenis")
        ordering = ["-happened_at", "-pk"]
        indexes = [models.Index(fields=["company", "customer", "-happened_at"], name="customerevent_newest")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.text}".strip()
