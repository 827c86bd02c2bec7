from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cleanconnect.archiving import Archivable, ArchivableQuerySet
from cleanconnect.tenancy.fields import CompanyField
from cleanconnect.tenancy.models import CompanyModel
from cleanconnect.validators import validate_kvk_number, validate_postcode, validate_vat_number


class CustomerType(CompanyModel, Archivable):
    """Type klant, as the company divides its customers: zakelijk, particulier, nieuw, bestaand…"""

    company = CompanyField(customer_sees="all")
    name = models.CharField(_("naam"), max_length=60)
    is_private = models.BooleanField(
        _("particulier"), default=False, help_text=_("Particulieren zien prijzen inclusief btw; zakelijke klanten exclusief btw.")
    )

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


class CustomerQuerySet(ArchivableQuerySet):
    def search(self, text):
        """Customers with this text in their name, contact, place or e-mail address."""
        columns = ("name", "contact_name", "city", "email")
        return self.filter(models.Q.create([(f"{column}__icontains", text) for column in columns], connector=models.Q.OR))


class Customer(CompanyModel, Archivable):
    """Klant: a dealer, a lease company or a private person."""

    company = CompanyField(customer_sees="self")
    type = models.ForeignKey(CustomerType, on_delete=models.PROTECT, related_name="customers", verbose_name=_("type klant"))
    name = models.CharField(_("naam"), max_length=100)
    contact_name = models.CharField(_("contactpersoon"), max_length=100, blank=True)
    email = models.EmailField(_("e-mailadres"), blank=True)
    phone = models.CharField(_("telefoon"), max_length=30, blank=True)
    street = models.CharField(_("straat en huisnummer"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=7, blank=True, validators=[validate_postcode])
    city = models.CharField(_("plaats"), max_length=80, blank=True)
    kvk_number = models.CharField(_("KvK-nummer"), max_length=8, blank=True, validators=[validate_kvk_number])
    vat_number = models.CharField(_("btw-id"), max_length=14, blank=True, validators=[validate_vat_number])
    note = models.TextField(_("notitie"), max_length=2000, blank=True, help_text=_("Alleen voor uzelf; de klant ziet dit niet."))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("klant")
        verbose_name_plural = _("klanten")
        ordering = ["name", "pk"]
        indexes = [models.Index("company", Lower("name"), name="customer_name")]

    def __str__(self):
        return self.name
