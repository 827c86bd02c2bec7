"""The menu and its tabs, in the manual's words and order. What shows is asked of the view, so a tab that shows is a page that opens."""

from dataclasses import dataclass
from functools import cache

from django.urls import resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from .permissions import may


@dataclass(frozen=True)
class Tab:
    label: str
    url_name: str


@dataclass(frozen=True)
class Item:
    label: str
    icon: str
    path: str  # where the addresses of this room begin
    tabs: tuple[Tab, ...]
    landing: str  # url name of the tab that the menu item opens, where the role may


MENU = (
    Item(
        _("Gebruikers"),
        "people",
        "/gebruikers/",
        (Tab(_("Overzicht"), "accounts:overview"), Tab(_("Aanmaken"), "accounts:create"), Tab(_("Tablets"), "accounts:tablets")),
        "accounts:overview",
    ),
    Item(
        _("Klantenbeheer"),
        "person-vcard",
        "/klantenbeheer/",
        (
            Tab(_("Aanmaken type"), "customers:type-create"),
            Tab(_("Overzicht type"), "customers:type-overview"),
            Tab(_("Aanmaken"), "customers:create"),
            Tab(_("Overzicht"), "customers:overview"),
        ),
        "customers:overview",
    ),
    Item(
        _("Voertuigen"),
        "car-front",
        "/voertuigen/",
        (
            Tab(_("Aanmaken"), "vehicles:type-create"),
            Tab(_("Overzicht"), "vehicles:type-overview"),
            Tab(_("Opzoeken"), "vehicles:search"),
            Tab(_("RDW-regels"), "vehicles:rule-overview"),
        ),
        "vehicles:type-overview",
    ),
    Item(
        _("Werkzaamheden"),
        "stars",
        "/werkzaamheden/",
        (
            Tab(_("Groepen aanmaken"), "services:group-create"),
            Tab(_("Groepen overzicht"), "services:group-overview"),
            Tab(_("Aanmaken"), "services:create"),
            Tab(_("Overzicht"), "services:overview"),
            Tab(_("Prijzen"), "services:matrix"),
        ),
        "services:overview",
    ),
    Item(
        _("Kwaliteitscheck"),
        "clipboard-check",
        "/kwaliteitscheck/",
        (
            Tab(_("Vandaag"), "quality:today"),
            Tab(_("Groepen aanmaken"), "quality:group-create"),
            Tab(_("Groepen overzicht"), "quality:group-overview"),
            Tab(_("Aanmaken"), "quality:item-create"),
            Tab(_("Overzicht"), "quality:item-overview"),
            Tab(_("Mankementen"), "quality:defects"),
            Tab(_("Van de tablet"), "quality:kept"),
        ),
        "quality:today",
    ),
    Item(
        _("Werkorders"),
        "card-checklist",
        "/werkorders/",
        (
            Tab(_("Aanmaken"), "workorders:create"),
            Tab(_("Meer tegelijk"), "workorders:create-many"),
            Tab(_("Overzicht"), "workorders:overview"),
            Tab(_("Planning"), "workorders:planning"),
            Tab(_("Kosten"), "workorders:costs"),
            Tab(_("Offertes"), "quotes:overview"),
        ),
        "workorders:overview",
    ),
    Item(
        _("Facturen"),
        "receipt",
        "/facturen/",
        (
            Tab(_("Te factureren"), "invoicing:to-invoice"),
            Tab(_("Overzicht"), "invoicing:overview"),
            Tab(_("Openstaand"), "invoicing:open-items"),
            Tab(_("Bank"), "invoicing:bank"),
            Tab(_("Incasso"), "invoicing:debits"),
            Tab(_("Btw"), "invoicing:vat"),
            Tab(_("Boekhouding"), "bookkeeping:overview"),
        ),
        "invoicing:overview",
    ),
    Item(
        _("Import en export"),
        "arrow-down-up",
        "/import-en-export/",
        (Tab(_("Importeren"), "imports:overview"), Tab(_("Exporteren"), "exports:overview")),
        "imports:overview",
    ),
    Item(
        _("Berichten"),
        "envelope",
        "/berichten/",
        (Tab(_("Overzicht"), "notifications:overview"), Tab(_("Mailteksten"), "notifications:mail-texts")),
        "notifications:overview",
    ),
)


address = cache(reverse)  # asked for every tab of every page


@cache
def permission_of(url_name):
    """The permission that the view behind a URL name declares."""
    view = resolve(reverse(url_name)).func
    return getattr(view, "view_class", view).permission


@dataclass
class ShownItem:
    label: str
    icon: str
    url: str
    active: bool
    tabs: list


def menu_for(membership, path=""):
    """Menu items with the tabs this membership may open; the item and tab of the address `path` are marked active."""
    shown = []
    for item in MENU:
        tabs = [tab for tab in item.tabs if may(membership, permission_of(tab.url_name))]
        if tabs:
            landing = item.landing if any(tab.url_name == item.landing for tab in tabs) else tabs[0].url_name
            shown.append(
                ShownItem(
                    item.label,
                    item.icon,
                    address(landing),
                    path.startswith(item.path),
                    [{"label": tab.label, "url": address(tab.url_name), "active": path == address(tab.url_name)} for tab in tabs],
                )
            )
    return shown


def navigation(request):
    """Template context: `menu`, `tabs` of the item we are in, and `sees_prices`."""
    membership = getattr(request, "membership", None)
    menu = SimpleLazyObject(lambda: menu_for(membership, request.path))
    return {
        "menu": menu,
        "tabs": SimpleLazyObject(lambda: next((item.tabs for item in menu if item.active), [])),
        "membership": membership,
        "sees_prices": may(membership, "prices.see"),
    }
