from decimal import Decimal
from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.sealing import seal, unseal
from cleanconnect.secret import SecretCharField
from cleanconnect.tenancy.models import CompanyModel

from .invoices import Invoice


class PaymentAccount(CompanyModel):
    """The company's account with Mollie, by which its customers pay online; of its key only the last characters are readable."""

    sealed_key = SecretCharField(max_length=300, help_text="see cleanconnect.sealing")
    shown_key = models.CharField(_("sleutel"), max_length=20, help_text="test or live, and the last four characters")
    set_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("betaalaccount")
        verbose_name_plural = _("betaalaccounts")
        constraints = [models.UniqueConstraint(fields=["company"], name="paymentaccount_one")]

    def __str__(self):
        return f"Mollie {self.shown_key}"

    @property
    def key(self):
        """The key itself, for a call to Mollie; raises `cleanconnect.sealing.Unreadable`."""
        return unseal(self.sealed_key)

    @key.setter
    def key(self, key):
        self.sealed_key, self.shown_key = seal(key), f"{key.partition('_')[0]} …{key[-4:]}"

    @property
    def is_test(self):
        return self.shown_key.startswith("test")


class OnlinePayment(CompanyModel):
    """A payment of an invoice that a customer started at Mollie; what Mollie tells of it becomes a `Payment`."""

    class State(models.TextChoices):
        OPEN = "open", _("Gestart")
        PAID = "paid", _("Betaald")
        FAILED = "failed", _("Niet gelukt")
        WRONG = "wrong", _("Klopt niet")

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="online_payments", verbose_name=_("factuur"))
    uid = models.UUIDField(default=uuid4, help_text="goes along to Mollie, and must come back")
    amount = models.DecimalField(_("bedrag"), max_digits=12, decimal_places=2)
    mollie_id = models.CharField(max_length=40, blank=True)
    checkout_url = models.CharField(max_length=300, blank=True, help_text="where the customer pays")
    state = models.CharField(_("status"), max_length=6, choices=State, default=State.OPEN)
    returned_total = models.DecimalField(_("terugbetaald"), max_digits=12, decimal_places=2, default=Decimal(0))
    problem = models.CharField(max_length=200, blank=True, help_text="what Mollie tells that cannot be; then nothing is booked")
    news_at = models.DateTimeField(null=True, help_text="when Mollie said that there is something to fetch, which was not fetched yet")
    fetched_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(_("gestart op"), default=timezone.now)

    class Meta:
        verbose_name = _("online betaling")
        verbose_name_plural = _("online betalingen")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["company", "uid"], name="onlinepayment_uid"),
            models.UniqueConstraint(fields=["company", "mollie_id"], condition=~models.Q(mollie_id=""), name="onlinepayment_mollie"),
        ]

    def __str__(self):
        return f"{self.mollie_id} {self.amount}"
