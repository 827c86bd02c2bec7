from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.archiving import Archivable, ArchivableQuerySet
from cleanconnect.linked import STAYS, Linked
from cleanconnect.money import PriceField, excluding_vat, including_vat
from cleanconnect.tenancy.fields import CompanyField
from cleanconnect.tenancy.models import CompanyModel
from cleanconnect.uploads import company_path
from services.models import Service, VatRate
from workorders.car import CHOICES as PLACE_CHOICES
from workorders.models import DamageMark, Photographed, WorkOrder, WorkOrderLine


class Translated(models.Model):
    """A row of the checklist whose texts the owner may give in the languages of the employees; Dutch where there is none."""

    translations = models.JSONField(default=dict, blank=True, help_text="language: {name of the field: text}")

    class Meta:
        abstract = True

    def _spoken(self, name):
        return self.translations.get(get_language() or "", {}).get(name) or getattr(self, name)

    @property
    def spoken_name(self):
        """The name in the language of the screen."""
        return self._spoken("name")


class ChecklistGroup(CompanyModel, Archivable, Translated):
    """Groep of the quality check: exterieur, interieur, standaard…"""

    name = models.CharField(_("naam van de groep"), max_length=60)

    class Meta:
        verbose_name = _("groep")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "company",
                Lower("name"),
                condition=models.Q(archived_at=None),
                name="checklistgroup_name",
                violation_error_message=_("Er is al een groep met deze naam."),
            )
        ]

    def __str__(self):
        return self.name


ROOT = Coalesce("service__original", "service")  # the handling that all its copies for other vehicle types share


class ChecklistItemQuerySet(ArchivableQuerySet):
    def active(self):
        """On the checklist now; a group that is archived takes its items off it."""
        return super().active().filter(group__archived_at=None)

    def asked_of(self, order):
        """On the checklist now, and general or belonging to a handling of this order (its pk)."""
        general = ~Exists(ChecklistSource.objects.filter(item=OuterRef("pk")))
        ordered = WorkOrderLine.objects.filter(order=order).annotate(root=ROOT).values("root")
        belonging = ChecklistSource.objects.annotate(root=ROOT).filter(root__in=ordered).values("item")
        return self.active().filter(general | Q(pk__in=belonging))

    def with_handlings(self):
        """Adds `handlings`: how many handlings, copies for other vehicle types taken together, it belongs to; 0 is general."""
        roots = ChecklistSource.objects.filter(item=OuterRef("pk")).annotate(root=ROOT).order_by().values("item")
        return self.annotate(handlings=Coalesce(Subquery(roots.annotate(count=Count("root", distinct=True)).values("count")), 0))

    def unfinished(self, order):
        """What still has to be answered, done again or photographed before this order is finished.

        Adds `is_answered`, and `is_photographed`: a photo that is still on a tablet will do.
        """
        checks, photos = (rows.filter(order=order, item=OuterRef("pk")) for rows in (Check.objects.filter(redo=False), CheckPhoto.objects))
        items = self.asked_of(order).annotate(is_answered=Exists(checks), is_photographed=Exists(photos))
        return items.filter(Q(is_answered=False) | Q(needs_photo=True, is_photographed=False))


class ChecklistItem(CompanyModel, Archivable, Translated):
    """Onderdeel of the quality check, answered with Ja or Nee after the treatment."""

    group = models.ForeignKey(ChecklistGroup, on_delete=models.PROTECT, related_name="items", verbose_name=_("groep"))
    name = models.CharField(_("werkzaamheid"), max_length=100)
    description = models.CharField(_("korte beschrijving"), max_length=250, blank=True)
    needs_photo = models.BooleanField(_("foto verplicht"), default=False)

    objects = ChecklistItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("onderdeel")
        verbose_name_plural = _("onderdelen")
        ordering = ["group__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "company",
                F("group"),
                Lower("name"),
                condition=models.Q(archived_at=None),
                name="checklistitem_name",
                violation_error_message=_("Deze groep heeft dit onderdeel al."),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def spoken_description(self):
        """The description in the language of the screen."""
        return self._spoken("description")


class ChecklistSource(CompanyModel):
    """That an item belongs to a handling: it is asked of orders with that handling, and of its copies for other vehicle types.

    An item without any is general and asked of every order.
    """

    item = models.ForeignKey(ChecklistItem, on_delete=models.CASCADE, related_name="sources")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+", verbose_name=_("handeling"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "item", "service"], name="checklistsource_once")]

    def __str__(self):
        return f"{self.item_id}: {self.service_id}"


class Check(CompanyModel):
    """The answer to one item on one order: Ja or Nee, with who and when. No row: not answered yet."""

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="checks")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="checks")
    passed = models.BooleanField(_("in orde"))
    redo = models.BooleanField(_("wordt overgedaan"), default=False, help_text="not in order, and it will be done again before gereed")
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["company", "order", "item"], name="check_once")]

    def __str__(self):
        return f"{self.item_id}: {self.passed}"


class CheckPhoto(CompanyModel, Photographed):
    """A photo for one item of the check on one order; several add up."""

    MAKER = "quality.tasks.make_check_photo"

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="check_photos")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="+")
    photo = models.ImageField(_("foto"), upload_to=company_path("kwaliteitscheck"), blank=True)
    taken_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("foto van de kwaliteitscheck")
        verbose_name_plural = _("foto’s van de kwaliteitscheck")
        ordering = ["taken_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["company", "photo_uid"], name="checkphoto_uid")]

    def __str__(self):
        return f"{self.item_id}: {self.photo.name}"


class DefectQuerySet(models.QuerySet):
    def search(self, text):
        """Defects with this in their description, or on an order with this plate, VIN or customer."""
        return self.filter(models.Q(description__icontains=text.strip()) | models.Q(order__in=WorkOrder.objects.search(text).values("pk")))

    def with_names(self):
        """Adds who found it and on which item, in the same query; a customer may not see those rows, so the join would hide the defect."""
        return self.select_related("found_by", "item")


class Defect(CompanyModel, Photographed, Linked):
    """Mankement found on a vehicle, of which the customer gets a message."""

    MAKER = "quality.tasks.make_defect_photo"
    LARGEST = (1600, 1600)
    link_kind, link_page = "quality.defects", "defect-page"

    company = CompanyField(customer_sees="parent:order")
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="defects")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, null=True, related_name="+")
    description = models.TextField(_("omschrijving"), max_length=1000)
    photo = models.ImageField(_("foto"), upload_to=company_path("mankementen"), blank=True)
    kind = models.CharField(_("soort"), max_length=10, choices=DamageMark.Kind, blank=True)
    place = models.CharField(_("plaats op de auto"), max_length=20, choices=PLACE_CHOICES, blank=True)
    found_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField(_("gevonden op"), default=timezone.now)

    objects = DefectQuerySet.as_manager()

    class Meta:
        verbose_name = _("mankement")
        verbose_name_plural = _("mankementen")
        ordering = ["-found_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["company", "photo_uid"], name="defect_photo_uid")]
        indexes = [models.Index(fields=["company", "-found_at"], name="defect_newest")]

    def __str__(self):
        return self.description[:60]

    @property
    def link_until(self):
        return timezone.localdate(self.found_at) + STAYS

    @property
    def link_holder(self):
        return self.order.customer


class TabletAction(CompanyModel):
    """What somebody did on a tablet, with the id that the tablet gave it: it is done once, however often it is sent.

    What came too late (the order was cancelled meanwhile) is kept for the owner, who decides.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer", _("Antwoord op de kwaliteitscheck")
        DEFECT = "defect", _("Mankement")
        FINISH = "finish", _("Gereedmelding")
        WORK = "work", _("Begin of einde van het werk")
        DAMAGE = "damage", _("Schade bij binnenkomst")
        PHOTOS = "photos", _("Foto’s gemaakt")
        PHOTO = "photo", _("Foto")

    class Outcome(models.TextChoices):
        DONE = "done", _("Verwerkt")
        KEPT = "kept", _("Niet verwerkt")
        SETTLED = "settled", _("Afgehandeld")

    uid = models.UUIDField()
    order = models.ForeignKey(WorkOrder, on_delete=models.SET_NULL, null=True, related_name="tablet_actions")
    item = models.ForeignKey(ChecklistItem, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(_("wat"), max_length=6, choices=Kind)
    typed = models.JSONField(default=dict)
    photo = models.ImageField(
        _("foto"), upload_to=company_path("tablet"), blank=True, help_text="of what was not done; else with the defect"
    )
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField(_("gedaan op"), help_text="by the tablet's clock, put right where that was wrong")
    received_at = models.DateTimeField(_("ontvangen op"), default=timezone.now)
    clock_off = models.IntegerField(default=0, help_text="minutes that the tablet's clock was behind (or, negative, ahead)")
    outcome = models.CharField(_("stand"), max_length=7, choices=Outcome, default=Outcome.DONE)
    why = models.CharField(_("reden"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("handeling op een tablet")
        verbose_name_plural = _("handelingen op tablets")
        ordering = ["-received_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["company", "uid"], name="tabletaction_once")]
        indexes = [models.Index(fields=["company", "-received_at"], condition=Q(outcome="kept"), name="tabletaction_kept")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.order or ''}".strip()


class Approval(CompanyModel, Linked):
    """Akkoord: extra work for a defect that was proposed to the customer, with what was answered, by whom and from where."""

    class State(models.TextChoices):
        ASKED = "asked", _("Gevraagd")
        WITHIN_LIMIT = "within_limit", _("Mag zonder vragen")
        APPROVED = "approved", _("Akkoord")
        REFUSED = "refused", _("Niet akkoord")
        WITHDRAWN = "withdrawn", _("Ingetrokken")

    link_kind, link_page = "quality.approvals", "approval"

    company = CompanyField(customer_sees="parent:order")
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="approvals")
    defect = models.ForeignKey(Defect, on_delete=models.PROTECT, related_name="approvals")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+", verbose_name=_("extra handeling"))
    name = models.CharField(max_length=100, help_text="of the handling, as it was proposed; customers see no handlings")
    unit_price = PriceField(_("prijs"))
    price_includes_vat = models.BooleanField(_("inclusief btw"), default=False, help_text="as prices on its order do")
    vat_rate = models.CharField(_("btw"), max_length=2, choices=VatRate)
    state = models.CharField(_("stand"), max_length=12, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(help_text="it can be answered on its page until then")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, related_name="+", help_text="who noted it, at the office"
    )
    decided_name = models.CharField(max_length=100, blank=True)
    decided_ip = models.GenericIPAddressField(null=True)

    class Meta:
        verbose_name = _("akkoord")
        verbose_name_plural = _("akkoorden")
        ordering = ["asked_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["company", "defect"], name="approval_once_per_defect")]

    def __str__(self):
        return f"{self.name}: {self.get_state_display()}"

    @property
    def price_including_vat(self):
        rate = VatRate.charged(self.vat_rate, self.company, self.order.customer)
        return self.unit_price if self.price_includes_vat else including_vat(self.unit_price, rate)

    @property
    def price_excluding_vat(self):
        return excluding_vat(self.unit_price, self.vat_rate) if self.price_includes_vat else self.unit_price

    @property
    def is_shown_including_vat(self):
        """Whether the customer sees the price with VAT: when it was typed so, and a private person always."""
        return self.price_includes_vat or self.order.customer.type.is_private

    @property
    def is_open(self):
        """Whether it can still be answered through its link."""
        return self.state == self.State.ASKED and self.expires_at > timezone.now()

    @property
    def link_until(self):
        if self.state in {self.State.WITHDRAWN, self.State.WITHIN_LIMIT}:
            return None
        return timezone.localdate(self.decided_at or self.expires_at) + STAYS

    @property
    def link_holder(self):
        return self.order.customer
