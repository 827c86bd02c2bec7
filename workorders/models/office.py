"""What the office keeps beside an order: what was not saved yet, and the ways of looking at the list."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.tenancy.fields import CompanyField
from cleanconnect.tenancy.models import CompanyModel


class OrderDraft(CompanyModel):
    """Concept: what someone typed in the form of a new order and did not save yet, as it was sent (`{name: [value, …]}`)."""

    key = models.UUIDField(editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="order_drafts")
    typed = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("concept")
        verbose_name_plural = _("concepten")
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["company", "membership", "key"], name="orderdraft_key")]
        indexes = [models.Index(fields=["company", "membership", "-saved_at"], name="orderdraft_newest")]

    def __str__(self):
        return self.plate or self.customer_name or str(_("Nieuwe werkorder"))

    def first(self, name):
        """What was typed in a field, or ""."""
        return next(iter(self.typed.get(name, [])), "")

    @property
    def plate(self):
        return self.first("plate")

    @property
    def customer_name(self):
        return self.first("new_name")


class SavedView(CompanyModel):
    """Weergave: a filter of the overview of orders that someone gave a name."""

    company = CompanyField(customer_sees="parent:membership", customer_writes="own")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("naam"), max_length=40)
    query = models.CharField(max_length=1000, help_text="as in the address, without the question mark")

    class Meta:
        verbose_name = _("weergave")
        verbose_name_plural = _("weergaven")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "membership", "name"],
                name="savedview_name",
                violation_error_message=_("U heeft al een weergave met deze naam."),
            )
        ]

    def __str__(self):
        return self.name
