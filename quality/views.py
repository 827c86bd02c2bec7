"""Kwaliteitscheck in the office: the checklist, and the defects that were found."""

from django.contrib import messages
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.http import Http404
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from cleanconnect.permissions import requires
from cleanconnect.views import Create, Delete, Edit, Needs, Overview

from . import sheets
from .filters import ChecklistGroupFilter, DefectFilter
from .forms import ChecklistGroupForm, ChecklistItemForm, ChosenGroupForm, TakeOverForm
from .models import ChecklistGroup, ChecklistItem, Defect
from .taking_over import handling_groups, take_over


class Groups:
    model = ChecklistGroup
    queryset = ChecklistGroup.objects.active()
    form_class = ChecklistGroupForm
    success_url = reverse_lazy("quality:group-overview")


@requires("checklists.manage")
class GroupCreate(Groups, Create):
    template_name = "quality/group_form.html"
    title = _("Groep aanmaken")
    lead = _("Bijvoorbeeld exterieur, interieur of standaard. Het handigst is dezelfde indeling als bij Werkzaamheden.")


class CountedGroups(Overview):
    filterset_class = ChecklistGroupFilter

    def get_queryset(self):
        on_checklist = Count("items", filter=Q(items__archived_at=None))
        return ChecklistGroup.objects.active().annotate(item_count=on_checklist).order_by(Lower("name"))


@requires("checklists.manage")
class GroupOverview(CountedGroups):
    sheet = sheets.GROUPS
    template_name = "quality/group_overview.html"


@requires("checklists.manage")
class GroupEdit(Groups, Edit):
    template_name = "quality/group_form.html"
    title = _("Groep bewerken")


@requires("checklists.manage")
class GroupDelete(Groups, Delete):
    template_name = "quality/confirm_delete_group.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"item_count": self.object.items.filter(archived_at=None).count()}


class Items:
    model = ChecklistItem
    queryset = ChecklistItem.objects.active()
    form_class = ChecklistItemForm

    def get_success_url(self):
        return reverse("quality:item-overview", query={"groep": self.object.group_id}, fragment=f"groep-{self.object.group_id}")

    def get_cancel_url(self):
        return reverse("quality:item-overview")


@requires("checklists.manage")
class ItemCreate(Items, Needs, Create):
    title = _("Onderdeel aanmaken")
    lead = _("Wat na de behandeling met Ja of Nee wordt gecontroleerd.")
    template_name = "quality/item_create.html"
    needs = ChecklistGroup.objects.active()
    needs_template = "quality/needs_group.html"

    def get_initial(self):
        return super().get_initial() | {"group": ChosenGroupForm.chosen(self.request.GET)}

    def get_success_url(self):
        if "nog_een" in self.request.POST:
            return reverse("quality:item-create", query={"groep": self.object.group_id})
        return super().get_success_url()


@requires("checklists.manage")
class ItemOverview(CountedGroups):
    """The groups; *Groep laden* shows the items of one (`?groep=`)."""

    sheet = sheets.ITEMS
    template_name = "quality/item_overview.html"
    paginate_by = None
    part = "group"

    def exported(self):
        """The items, of the group that is open or of all."""
        items = ChecklistItem.objects.active().select_related("group").with_handlings().order_by(Lower("group__name"), "pk")
        group = self.request.GET.get("groep", "")
        return items.filter(group=group) if group.isdecimal() else items

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        asked = self.request.GET.get("groep")
        if not asked:
            return context
        group = next((group for group in context["object_list"] if str(group.pk) == asked), None)
        if group is None:
            raise Http404
        return context | {"group": group, "loaded": group, "items": group.items.active().with_handlings()}


@requires("checklists.manage")
class ItemEdit(Items, Edit):
    title = _("Onderdeel bewerken")
    template_name = "quality/item_edit.html"


@requires("checklists.manage")
class TakeOver(FormView):
    """*Neem over uit werkzaamheden*: shows what would be made of each group of handlings, and makes it."""

    template_name = "quality/take_over.html"
    form_class = TakeOverForm
    success_url = reverse_lazy("quality:item-overview")

    @cached_property
    def groups(self):
        return handling_groups()

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"handling_groups": self.groups}

    def get_initial(self):
        return {"groups": [group.key for group in self.groups if group.new]}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        ticked = set(context["form"]["groups"].value() or [])
        return context | {"groups": [(group, group.key in ticked) for group in self.groups]}

    def form_valid(self, form):
        made = take_over(set(form.cleaned_data["groups"]))
        if made.links:
            text = _now("Overgenomen: %(items)s nieuwe onderdelen in %(groups)s nieuwe groepen, verbonden met hun handelingen.")
            messages.success(self.request, text % {"items": made.items, "groups": made.groups})
        else:
            messages.info(self.request, _now("Alles van deze groepen stond al op de checklist."))
        return super().form_valid(form)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


@requires("checklists.manage")
class ItemDelete(Items, Delete):
    pass


@requires("defects.view")
class DefectOverview(Overview):
    """Mankementen; a customer sees those of its own orders, without names."""

    sheet = sheets.DEFECTS
    filterset_class = DefectFilter
    template_name = "quality/defects.html"

    def get_queryset(self):
        defects = Defect.objects.select_related("order__vehicle", "order__customer").order_by("-found_at", "-pk")
        return defects.with_names() if self.request.membership.may("quality.check") else defects
