from decimal import Decimal

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.tenancy.models import CompanyModel
from cleanconnect.uploads import company_path
from invoicing.models import Invoice
from services.models import VatRate

plain_code = RegexValidator(r"^[A-Za-z0-9._-]{1,20}\Z", _("Gebruik letters, cijfers, punt, streepje en onderstreping."))


def _code(label, default, **more):
    return models.CharField(label, max_length=20, default=default, validators=[plain_code], **more)


class LedgerCodes(CompanyModel):
    """The accounts and VAT codes of the company's bookkeeping; revenue is on the account of the group of handlings, else on ours."""

    debtors = _code(_("debiteuren"), "1300")
    revenue = _code(_("omzet"), "8000", help_text=_("Voor regels zonder groep, en groepen zonder eigen grootboekrekening."))
    vat_high = _code(_("btw hoog te betalen"), "1500")
    vat_low = _code(_("btw laag te betalen"), "1501")
    journal = _code(_("verkoopboek"), "70", help_text=_("Nummer van het dagboek, voor Exact."))
    code_high = _code(_("btw-code 21%"), "HOOG_VERK_21")
    code_low = _code(_("btw-code 9%"), "LAAG_VERK_9")
    code_zero = _code(_("btw-code 0%"), "GEEN")
    code_exempt = _code(_("btw-code vrijgesteld"), "GEEN")
    code_reversed = _code(_("btw-code verlegd"), "BI_EU_VERK")

    class Meta:
        verbose_name = _("boekhoudcodes")
        verbose_name_plural = _("boekhoudcodes")
        constraints = [models.UniqueConstraint(fields=["company"], name="ledgercodes_one")]

    def __str__(self):
        return str(self._meta.verbose_name)

    def vat_code(self, rate):
        names = {VatRate.HIGH: "high", VatRate.LOW: "low", VatRate.ZERO: "zero", VatRate.EXEMPT: "exempt", VatRate.REVERSED: "reversed"}
        return getattr(self, f"code_{names[VatRate(rate)]}")

    def vat_account(self, rate):
        """Where the VAT of a rate is owed; None for a rate without VAT."""
        return {VatRate.HIGH: self.vat_high, VatRate.LOW: self.vat_low}.get(VatRate(rate))


class BookExport(CompanyModel):
    """The invoices of a period as a file for the bookkeeping, kept as it was made."""

    class Kind(models.TextChoices):
        CSV = "csv", _("CSV")
        XLSX = "xlsx", _("Excel")
        XAF = "xaf", _("XML Auditfile Financieel 3.2")
        EBOEKHOUDEN = "eboekhouden", _("e-Boekhouden (CSV)")
        EXACT = "exact", _("Exact Online (XML)")
        MONEYBIRD = "moneybird", _("Moneybird (zip met e-facturen en PDF’s)")

    class State(models.TextChoices):
        WAITING = "waiting", _("Wordt gemaakt")
        DONE = "done", _("Klaar")
        FAILED = "failed", _("Niet gelukt")

    EXTENSIONS = {Kind.CSV: "csv", Kind.XLSX: "xlsx", Kind.XAF: "xaf", Kind.EBOEKHOUDEN: "csv", Kind.EXACT: "xml", Kind.MONEYBIRD: "zip"}

    kind = models.CharField(_("soort bestand"), max_length=11, choices=Kind)
    first = models.DateField(_("van"))
    last = models.DateField(_("tot en met"))
    state = models.CharField(_("status"), max_length=7, choices=State, default=State.WAITING)
    failure = models.CharField(_("reden"), max_length=200, blank=True)
    invoice_count = models.PositiveIntegerField(_("facturen"), help_text="asked for, and once it is made: in the file")
    left_out = models.PositiveIntegerField(_("niet mee"), default=0, help_text="there was no document of these yet; they go next time")
    net_total = models.DecimalField(_("totaal excl. btw"), max_digits=14, decimal_places=2)
    vat_total = models.DecimalField(_("btw"), max_digits=14, decimal_places=2)
    rates = models.JSONField(default=list, help_text="[rate, base, vat] of what is in the file, amounts as text")
    file = models.FileField(upload_to=company_path("boekhouding"), blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("door"))
    created_at = models.DateTimeField(_("wanneer"), default=timezone.now)

    class Meta:
        verbose_name = _("boekhoudexport")
        verbose_name_plural = _("boekhoudexports")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.first:%d-%m-%Y} – {self.last:%d-%m-%Y}"

    @property
    def gross_total(self):
        return self.net_total + self.vat_total

    @property
    def file_name(self):
        return f"verkoop {self.first:%Y-%m-%d} {self.last:%Y-%m-%d} {self.pk}.{self.EXTENSIONS[self.kind]}"

    def per_rate(self):
        """`[(label of the rate, base, vat), …]` of what is in the file."""
        return [(VatRate(rate).label, Decimal(base), Decimal(vat)) for rate, base, vat in self.rates]

    @property
    def adds_up(self):
        """Whether what is in the file comes to what the invoices say; None while it is not there."""
        if self.state != self.State.DONE:
            return None
        bases, vats = sum(base for _rate, base, _vat in self.per_rate()), sum(vat for _rate, _base, vat in self.per_rate())
        return (bases, vats) == (self.net_total, self.vat_total)


class BookedInvoice(CompanyModel):
    """That an invoice went along in an export of a kind; it goes once."""

    export = models.ForeignKey(BookExport, on_delete=models.CASCADE, related_name="booked")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="+", verbose_name=_("factuur"))
    kind = models.CharField(max_length=11, choices=BookExport.Kind)

    class Meta:
        verbose_name = _("geboekte factuur")
        verbose_name_plural = _("geboekte facturen")
        constraints = [models.UniqueConstraint(fields=["company", "kind", "invoice"], name="bookedinvoice_once")]

    def __str__(self):
        return f"{self.kind}: {self.invoice_id}"
