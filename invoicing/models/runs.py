from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.tenancy.models import CompanyModel
from customers.models import Customer
from workorders.models import WorkOrder

from .invoices import Invoice


class InvoiceRun(CompanyModel):
    """Facturatieronde: the invoices that were proposed for all that is to be invoiced up to a day, and how far it is with them."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Voorstel")
        RUNNING = "running", _("Bezig")
        STOPPED = "stopped", _("Gestopt")
        DONE = "done", _("Klaar")

    until = models.DateField(_("t/m"), help_text="the last day of the work that is in it")
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.PROPOSED)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("door"))
    created_at = models.DateTimeField(_("gemaakt op"), default=timezone.now)
    finished_at = models.DateTimeField(_("klaar op"), null=True)

    class Meta:
        verbose_name = _("facturatieronde")
        verbose_name_plural = _("facturatierondes")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["company", "-created_at", "-id"], name="invoicerun_newest")]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class Proposal(CompanyModel):
    """An invoice as a run proposes it: some orders of one customer, what they have in common, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Wacht")
        ISSUED = "issued", _("Gemaakt")
        REFUSED = "refused", _("Niet gemaakt")

    run = models.ForeignKey(InvoiceRun, on_delete=models.CASCADE, related_name="proposals")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", verbose_name=_("klant"))
    title = models.CharField(_("waarvoor"), max_length=150)
    is_included = models.BooleanField(default=True)
    net = models.DecimalField(_("totaal excl. btw"), max_digits=12, decimal_places=2, null=True, help_text="as the owner agreed to it")
    state = models.CharField(_("status"), max_length=7, choices=State, default=State.WAITING)
    problem = models.CharField(_("waarom niet"), max_length=300, blank=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("factuur"))

    class Meta:
        verbose_name = _("voorgestelde factuur")
        verbose_name_plural = _("voorgestelde facturen")
        ordering = ["customer__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["company", "invoice"], name="proposal_invoice")]
        indexes = [models.Index(fields=["company", "run", "state"], name="proposal_of_run")]

    def __str__(self):
        return f"{self.customer}: {self.title}"

    @property
    def orders(self):
        return WorkOrder.objects.filter(pk__in=self.proposed_orders.values("order"))


class ProposedOrder(CompanyModel):
    """That an order is in a proposal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="proposed_orders")
    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("voorgestelde werkorder")
        verbose_name_plural = _("voorgestelde werkorders")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["company", "proposal", "order"], name="proposedorder_once")]

    def __str__(self):
        return f"{self.proposal_id}: {self.order_id}"
