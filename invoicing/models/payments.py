from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.tenancy.fields import CompanyField
from cleanconnect.tenancy.models import CompanyModel
from cleanconnect.uploads import company_path

from .invoices import Invoice
from .online import OnlinePayment


class BankStatement(CompanyModel):
    """Bankafschrift: a file of the bank as it was uploaded, until a worker has read the lines in it."""

    class State(models.TextChoices):
        READING = "reading", _("Wordt gelezen")
        DONE = "done", _("Ingelezen")
        FAILED = "failed", _("Niet gelukt")

    file = models.FileField(_("bestand"), upload_to=company_path("afschrift"), max_length=200, blank=True)
    file_name = models.CharField(_("bestand"), max_length=100)
    state = models.CharField(_("status"), max_length=7, choices=State, default=State.READING)
    line_count = models.PositiveIntegerField(_("regels"), default=0)
    new_count = models.PositiveIntegerField(_("nieuw"), default=0)
    failure = models.CharField(_("reden"), max_length=500, blank=True)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("door"))
    created_at = models.DateTimeField(_("wanneer"), default=timezone.now)

    class Meta:
        verbose_name = _("bankafschrift")
        verbose_name_plural = _("bankafschriften")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.file_name


READER = 2  # raised when statements are read differently: a file that was read before must not come in again for that


RETURN_REASONS = {  # external code list ReturnReason (ISO 20022), those of collections
    "AC01": _("rekeningnummer onjuist"),
    "AC04": _("rekening opgeheven"),
    "AC06": _("rekening geblokkeerd"),
    "AC13": _("rekening van een consument"),
    "AG01": _("op deze rekening mag niet worden geïncasseerd"),
    "AM04": _("onvoldoende saldo"),
    "AM05": _("dubbel geïncasseerd"),
    "MD01": _("geen geldige machtiging"),
    "MD06": _("teruggehaald door de klant"),
    "MD07": _("rekeninghouder overleden"),
    "MS02": _("geweigerd door de klant"),
    "MS03": _("reden niet opgegeven door de bank"),
    "SL01": _("geblokkeerd bij de bank van de klant"),
}


class BankLine(CompanyModel):
    """A line of a bank statement (bankafschrift): money that came in or, negative, went out."""

    class State(models.TextChoices):
        OPEN = "open", _("Te verwerken")
        BOOKED = "booked", _("Geboekt")
        IGNORED = "ignored", _("Genegeerd")

    account = models.CharField(_("rekening"), max_length=34, blank=True)
    booked_on = models.DateField(_("datum"))
    amount = models.DecimalField(_("bedrag"), max_digits=12, decimal_places=2)
    name = models.CharField(_("tegenpartij"), max_length=140, blank=True)
    iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    description = models.CharField(_("omschrijving"), max_length=600, blank=True)
    end_to_end_id = models.CharField(_("kenmerk van de opdracht"), max_length=35, blank=True, help_text="EndToEndId: ours on a collection")
    mandate = models.CharField(_("machtigingskenmerk"), max_length=35, blank=True)
    reference = models.CharField(_("betalingskenmerk"), max_length=70, blank=True)
    is_return = models.BooleanField(default=False, help_text="the bank says that an earlier payment came back, or was corrected")
    return_reason = models.CharField(_("reden van de bank"), max_length=35, blank=True)
    state = models.CharField(_("status"), max_length=7, choices=State, default=State.OPEN)
    fingerprint = models.CharField(max_length=64, help_text="of what the bank says, so that the same line comes in once")
    certain_at = models.DateTimeField(null=True, help_text="when it was booked with all that was certain: the same for all of one press")
    reader = models.PositiveSmallIntegerField(default=READER, help_text="that made the fingerprint")
    imported_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("regel van een bankafschrift")
        verbose_name_plural = _("regels van bankafschriften")
        ordering = ["-booked_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["company", "fingerprint"], name="bankline_once")]
        indexes = [
            models.Index(fields=["company", "state", "-booked_on"], name="bankline_state"),
            models.Index(fields=["company", "-certain_at"], name="bankline_certain", condition=Q(certain_at__isnull=False)),
        ]

    def __str__(self):
        return f"{self.booked_on}: {self.name or self.description}"

    @property
    def reason_label(self):
        """Why it came back, in words where we know the code of the bank."""
        return RETURN_REASONS.get(self.return_reason, self.return_reason)


class Payment(CompanyModel):
    """Betaling of an invoice, or part of it; negative is money that went back to the customer."""

    class Method(models.TextChoices):
        BANK = "bank", _("Overgemaakt")
        CARD = "card", _("Pin")
        CASH = "cash", _("Contant")
        LINK = "link", _("Betaallink")
        DEBIT = "debit", _("Incasso")
        CREDIT = "credit", _("Verrekend")
        ROUNDING = "round", _("Afgerond")

    REMOVABLE = (Method.BANK, Method.CARD, Method.CASH)  # the others follow what happened elsewhere

    company = CompanyField(customer_sees="parent:invoice")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payments", verbose_name=_("factuur"))
    amount = models.DecimalField(_("bedrag"), max_digits=12, decimal_places=2)
    received_on = models.DateField(_("datum"))
    method = models.CharField(_("hoe"), max_length=6, choices=Method, default=Method.BANK)
    note = models.CharField(_("toelichting"), max_length=140, blank=True)
    bank_line = models.ForeignKey(BankLine, on_delete=models.PROTECT, null=True, related_name="payments")
    online = models.ForeignKey(OnlinePayment, on_delete=models.PROTECT, null=True, related_name="payments")
    set_off = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("verrekend met"))
    key = models.UUIDField(null=True, help_text="of the form it was typed in, so that pressing twice makes one")
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+", help_text="None: by itself")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("betaling")
        verbose_name_plural = _("betalingen")
        ordering = ["received_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["company", "key"], name="payment_key"),
            models.CheckConstraint(condition=~Q(amount=0), name="payment_of_something"),
            models.CheckConstraint(
                condition=Q(method="credit", set_off__isnull=False) | (~Q(method="credit") & Q(set_off=None)), name="payment_set_off"
            ),
        ]
        indexes = [models.Index(fields=["company", "received_on"], name="payment_received")]

    def __str__(self):
        return f"{self.get_method_display()} {self.amount}"

    @property
    def is_removable(self):
        return self.method in self.REMOVABLE
