import calendar

import stdnum.iban
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.tenancy.models import CompanyModel
from cleanconnect.validators import validate_iban
from customers.models import Customer

from .invoices import Invoice
from .payments import BankLine

LAPSES_AFTER = 36  # months without a collection (EPC016-06, section 4.1)


class MandateQuerySet(models.QuerySet):
    def active(self):
        return self.filter(ended_on=None)

    def usable(self):
        """Those with which may be collected: a mandate that is not used for 36 months has lapsed."""
        since = months_before(timezone.localdate(), LAPSES_AFTER)
        used = Debit.objects.filter(mandate=OuterRef("pk"), batch__collect_on__gte=since)
        return self.active().filter(Q(signed_on__gte=since) | Exists(used))

    def with_lapsed(self):
        """With `is_lapsed`."""
        return self.annotate(is_lapsed=~Exists(Mandate.objects.usable().filter(pk=OuterRef("pk"))))


def months_before(day, months):
    """The same day of the month so many months earlier, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


class Mandate(CompanyModel):
    """Incassomachtiging: that a customer lets us collect its invoices from an account; at most one at a time."""

    class Scheme(models.TextChoices):
        CORE = "CORE", _("Gewone incasso")
        B2B = "B2B", _("Zakelijke incasso (B2B)")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="mandates", verbose_name=_("klant"))
    reference = models.CharField(_("machtigingskenmerk"), max_length=35)
    scheme = models.CharField(_("soort"), max_length=4, choices=Scheme, default=Scheme.CORE)
    holder = models.CharField(_("naam rekeninghouder"), max_length=70)
    iban = models.CharField(_("IBAN"), max_length=34, validators=[validate_iban])
    signed_on = models.DateField(_("getekend op"))
    ended_on = models.DateField(_("beëindigd op"), null=True, blank=True)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("machtiging")
        verbose_name_plural = _("machtigingen")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "reference"], name="mandate_reference", violation_error_message=_("Dit kenmerk is al gebruikt.")
            ),
            models.UniqueConstraint(
                fields=["company", "customer"],
                condition=Q(ended_on=None),
                name="mandate_one",
                violation_error_message=_("Deze klant heeft al een machtiging; beëindig die eerst."),
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def grouped_iban(self):
        """The account in groups of four."""
        return stdnum.iban.format(self.iban)

    @property
    def shown_iban(self):
        """The account with its middle hidden, as it is named in a mail."""
        return f"{self.iban[:4]} **** {self.iban[-4:]}"


class DebitBatch(CompanyModel):
    """Incassobatch: what is collected on a day, with the file for the bank as it was made."""

    reference = models.CharField(_("kenmerk"), max_length=35)
    collect_on = models.DateField(_("incassodatum"))
    xml = models.TextField(help_text="pain.008, as it goes to the bank")
    booked_on = models.DateField(_("geïnd op"), null=True)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("door"))
    created_at = models.DateTimeField(_("gemaakt op"), default=timezone.now)

    class Meta:
        verbose_name = _("incassobatch")
        verbose_name_plural = _("incassobatches")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["company", "reference"], name="debitbatch_reference")]

    def __str__(self):
        return self.reference


class DebitQuerySet(models.QuerySet):
    def under_way(self):
        """Those of which the money neither came nor went back."""
        return self.filter(returned_on=None, batch__booked_on=None)


class Debit(CompanyModel):
    """The collection of what was open of one invoice; one at a time."""

    batch = models.ForeignKey(DebitBatch, on_delete=models.CASCADE, related_name="debits")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="debits", verbose_name=_("factuur"))
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="debits", verbose_name=_("machtiging"))
    amount = models.DecimalField(_("bedrag"), max_digits=12, decimal_places=2)
    returned_on = models.DateField(_("gestorneerd op"), null=True)
    return_line = models.ForeignKey(
        BankLine, on_delete=models.PROTECT, null=True, related_name="returned_debits", help_text="of the statement that told of the storno"
    )

    objects = DebitQuerySet.as_manager()

    class Meta:
        verbose_name = _("incasso")
        verbose_name_plural = _("incasso's")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["company", "batch", "invoice"], name="debit_once_in_a_batch"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="debit_of_something"),
        ]

    def __str__(self):
        return f"{self.invoice_id}: {self.amount}"
