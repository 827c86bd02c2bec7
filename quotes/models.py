from decimal import Decimal
from uuid import uuid4

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.linked import STAYS, Linked
from cleanconnect.money import Amount, including_vat, vat_breakdown
from cleanconnect.tenancy.models import CompanyModel
from customers.models import Customer
from services.models import Service, VatRate
from vehicles.models import VehicleType
from workorders.models import Priced, WorkOrder, lines_net


class QuoteQuerySet(models.QuerySet):
    def with_net(self):
        """Adds `net`: what the lines come to excluding VAT."""
        lines = QuoteLine.objects.filter(quote=OuterRef("pk")).order_by().values("quote")
        total = lines.annotate(total=lines_net("quote__prices_include_vat", "charged_rate")).values("total")
        return self.annotate(net=Subquery(total, output_field=models.DecimalField(max_digits=12, decimal_places=2)))

    def search(self, text):
        return self.filter(Q(number__icontains=text) | Q(customer__name__icontains=text) | Q(subject__icontains=text))

    def expired(self):
        """Sent, and the day until which the offer stood is over."""
        return self.filter(state=Quote.State.SENT, valid_until__lt=timezone.localdate())


class Quote(CompanyModel, Linked):
    """Offerte: work offered for a price until a day; once sent it does not change, unless it is taken back first."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Concept")
        SENT = "sent", _("Verstuurd")
        ACCEPTED = "accepted", _("Akkoord")
        REFUSED = "refused", _("Afgewezen")

    link_kind, link_page = "quotes.quote", "quote-page"

    number = models.CharField(_("nummer"), max_length=20)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="quotes", verbose_name=_("klant"))
    subject = models.CharField(_("onderwerp"), max_length=120)
    text = models.CharField(_("tekst boven de regels"), max_length=1000, blank=True)
    plate = models.CharField(_("kenteken of chassisnummer"), max_length=20, blank=True)
    vehicle_type = models.ForeignKey(
        VehicleType, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("soort voertuig")
    )
    prices_include_vat = models.BooleanField(_("prijzen inclusief btw"), default=False, help_text="as they were for its customer")
    valid_until = models.DateField(_("geldig tot en met"))
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.DRAFT)
    sent_at = models.DateTimeField(_("verstuurd op"), null=True)
    is_mailed = models.BooleanField(default=False)
    answered_at = models.DateTimeField(_("beantwoord op"), null=True)
    answered_name = models.CharField(_("beantwoord door"), max_length=100, blank=True)
    answered_ip = models.GenericIPAddressField(null=True)
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+", help_text="at the office")
    reason = models.CharField(_("reden"), max_length=300, blank=True, help_text="why it was refused")
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, null=True, related_name="quotes", verbose_name=_("werkorder"))
    key = models.UUIDField(default=uuid4, help_text="of the form it was made with, so that pressing twice makes one")
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("gemaakt op"), default=timezone.now)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("offerte")
        verbose_name_plural = _("offertes")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="quote_number"),
            models.UniqueConstraint(fields=["company", "key"], name="quote_key"),
        ]

    def __str__(self):
        return f"{_('Offerte')} {self.number}"

    @property
    def is_expired(self):
        return self.state == self.State.SENT and self.valid_until < timezone.localdate()

    @property
    def is_open(self):
        """Whether the customer can answer it."""
        return self.state == self.State.SENT and not self.is_expired

    @property
    def can_be_sent_again(self):
        """Whether the customer has to get a new link before there can be an answer."""
        return self.is_open and self.link_revoked_at is not None

    @property
    def status(self):
        """How it stands, as the style sheet names it."""
        return "expired" if self.is_expired else self.state

    @property
    def link_until(self):
        if self.state == self.State.DRAFT:
            return None
        return (timezone.localdate(self.answered_at) if self.answered_at else self.valid_until) + STAYS

    @property
    def link_holder(self):
        return self.customer

    @property
    def why_link_ended(self):
        is_being_changed = self.state == self.State.DRAFT
        return _("We passen deze offerte aan. U krijgt een nieuw bericht zodra hij klaar is.") if is_being_changed else ""

    def vat_per_rate(self):
        """`[(rate, base, vat), …]` of the lines, highest rate first."""
        return vat_breakdown(Amount(line.amount, line.charged_rate, self.prices_include_vat) for line in self.lines.all())

    @property
    def is_shown_including_vat(self):
        """Whether the customer sees prices with VAT: those that were typed so, and all of a private person's."""
        return self.prices_include_vat or self.customer.type.is_private

    def rows(self):
        """`[(line, price, amount, discount in euro), …]` as the customer sees them; where VAT has to be put in, the cents of rounding are
        on the largest."""
        lines = list(self.lines.all())
        if self.prices_include_vat or not self.is_shown_including_vat:
            return [(line, line.unit_price, line.amount, line.discount_amount) for line in lines]
        amounts = [including_vat(line.amount, line.charged_rate) for line in lines]
        if amounts:
            largest = max(range(len(amounts)), key=lambda at: amounts[at])
            amounts[largest] += self.totals()["gross"] - sum(amounts)
        prices = [including_vat(line.unit_price, line.charged_rate) for line in lines]
        off = [including_vat(line.discount_amount, line.charged_rate) for line in lines]
        return list(zip(lines, prices, amounts, off, strict=True))

    def totals(self):
        """`{"net", "vat", "gross"}` in euro, VAT rounded per rate as on the invoice."""
        net, vat = Decimal(0), Decimal(0)
        for _rate, base, amount in self.vat_per_rate():
            net, vat = net + base, vat + amount
        return {"net": net, "vat": vat, "gross": net + vat}


class QuoteLine(CompanyModel, Priced):
    """A line of a quote: a handling at the price offered, or something else in words."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("handeling"))
    description = models.CharField(_("omschrijving"), max_length=170)
    vat_rate = models.CharField(_("btw"), max_length=2, choices=VatRate, help_text="of what is sold")
    charged_rate = models.CharField(_("btw"), max_length=2, choices=VatRate, help_text="to this customer: it may be reversed, or exempt")

    class Meta:
        verbose_name = _("regel van een offerte")
        verbose_name_plural = _("regels van offertes")
        ordering = ["pk"]

    def __str__(self):
        return self.description
