"""The Dutch start set: what car-detailing companies commonly treat and do, with times and prices to begin from.

Prices are in euro excluding VAT for a standard car; a vehicle type multiplies price and minutes by its factor.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from invoicing.mail_events import INVOICE
from quality.mail_events import DEFECT
from vehicles.models import RdwKind


@dataclass(frozen=True)
class VehicleKind:
    label: str  # in the question
    name: str  # of the vehicle type
    factor: Decimal


@dataclass(frozen=True)
class Handling:
    name: str
    price: int
    minutes: int
    not_for: tuple = ()  # keys of VEHICLES


@dataclass(frozen=True)
class Group:
    name: str
    handlings: tuple
    package_price: int | None = None  # a package: ordered as a whole, for this price
    not_for: tuple = ()
    ledger_code: str = "8000"


@dataclass(frozen=True)
class Work:
    label: str
    groups: tuple


VEHICLES = {
    "klein": VehicleKind(_("Kleine auto’s (Aygo, Up, Picanto)"), "Auto klein", Decimal("0.85")),
    "standaard": VehicleKind(_("Gewone personenauto’s"), "Auto standaard", Decimal("1")),
    "xl": VehicleKind(_("Grote auto’s, SUV’s en 7-persoons"), "Auto XL", Decimal("1.25")),
    "bedrijfsauto": VehicleKind(_("Bedrijfsauto’s en bestelbussen"), "Bedrijfsauto", Decimal("1.35")),
    "camper": VehicleKind(_("Campers en caravans"), "Camper", Decimal("2.5")),
    "motor": VehicleKind(_("Motoren"), "Motor", Decimal("0.6")),
    "vrachtwagen": VehicleKind(_("Vrachtwagens"), "Vrachtwagen", Decimal("3")),
}

CUSTOMERS = {
    "zakelijk": (_("Zakelijke klanten: dealers, lease, bedrijven"), ("Zakelijk", "Dealer", "Leasemaatschappij")),
    "particulier": (_("Particulieren"), ("Particulier",)),
}
PRIVATE = {"Particulier"}

NO_CABIN = ("motor",)
WORK = {
    "interieur": Work(
        _("Interieur reinigen"),
        (
            Group(
                "Interieur",
                (
                    Handling("Stofzuigen", 25, 20),
                    Handling("Dashboard en kunststof reinigen", 20, 20),
                    Handling("Ramen binnenzijde", 13, 10),
                    Handling("Stoelen en bekleding shamponeren", 65, 60),
                    Handling("Leer reinigen en voeden", 75, 60),
                    Handling("Vloermatten reinigen", 15, 10),
                    Handling("Kofferruimte reinigen", 20, 15, ("vrachtwagen",)),
                    Handling("Hemelbekleding reinigen", 45, 40),
                    Handling("Dierenhaar verwijderen", 35, 30),
                    Handling("Kauwgom en vlekken verwijderen", 15, 15),
                ),
                not_for=NO_CABIN,
            ),
        ),
    ),
    "exterieur": Work(
        _("Exterieur wassen en verzorgen"),
        (
            Group(
                "Exterieur",
                (
                    Handling("Handwas en drogen", 25, 30),
                    Handling("Velgen en banden reinigen", 20, 20),
                    Handling("Deurstijlen en rubbers reinigen", 12, 10, NO_CABIN),
                    Handling("Ramen buitenzijde", 10, 10, NO_CABIN),
                    Handling("Teer en insecten verwijderen", 25, 20),
                    Handling("Vliegroest verwijderen", 45, 40),
                    Handling("Motorruimte reinigen", 45, 40, NO_CABIN),
                    Handling("Kunststof buitendelen opfrissen", 25, 20),
                    Handling("Waxlaag aanbrengen", 45, 45),
                ),
            ),
        ),
    ),
    "polijsten": Work(
        _("Polijsten en lak"),
        (
            Group(
                "Polijsten",
                (
                    Handling("Polijsten in één stap", 195, 180),
                    Handling("Polijsten in meer stappen", 395, 420),
                    Handling("Krassen plaatselijk polijsten", 55, 45),
                    Handling("Koplampen polijsten", 65, 60),
                ),
            ),
        ),
    ),
    "coating": Work(
        _("Coating en bescherming"),
        (
            Group(
                "Coating",
                (
                    Handling("Lakverzegeling", 125, 90),
                    Handling("Keramische coating", 395, 300),
                    Handling("Coating velgen", 145, 120),
                    Handling("Coating ramen", 65, 45, NO_CABIN),
                    Handling("Bekleding impregneren", 95, 60, NO_CABIN),
                ),
            ),
        ),
    ),
    "geur": Work(
        _("Geur en hygiëne"),
        (
            Group(
                "Geur en hygiëne",
                (
                    Handling("Ozonbehandeling", 65, 60),
                    Handling("Airco reinigen", 49, 40),
                    Handling("Rooklucht verwijderen", 95, 90),
                ),
                not_for=NO_CABIN,
            ),
        ),
    ),
    "verkoopklaar": Work(
        _("Verkoopklaar maken (occasions)"),
        (
            Group(
                "Pakket verkoopklaar",
                (
                    Handling("Exterieur wassen en ontvetten", 35, 40),
                    Handling("Interieur volledig reinigen", 60, 75),
                    Handling("Motorruimte showroomklaar", 35, 30),
                    Handling("Lak opfrissen en waxen", 55, 60),
                    Handling("Stickers en lijmresten verwijderen", 15, 15),
                ),
                package_price=165,
                not_for=NO_CABIN,
            ),
        ),
    ),
    "schade": Work(
        _("Kleine schade herstellen"),
        (
            Group(
                "Schadeherstel",
                (
                    Handling("Deukje uitdeuken zonder spuiten", 95, 60),
                    Handling("Bumper plaatselijk herstellen", 195, 150, NO_CABIN),
                    Handling("Velg herstellen", 95, 90),
                    Handling("Schade interieur herstellen", 85, 60, NO_CABIN),
                ),
                ledger_code="8010",
            ),
        ),
    ),
}
PACKAGE = Group(
    "Standaard pakket",
    (
        Handling("Wassen buitenzijde", 25, 30),
        Handling("Velgen schoon", 15, 15),
        Handling("Interieur stofzuigen", 25, 20, NO_CABIN),
        Handling("Dashboard afnemen", 15, 15, NO_CABIN),
        Handling("Ramen binnen en buiten", 15, 15, NO_CABIN),
    ),
    package_price=79,
)
PACKAGE_NEEDS = {"interieur", "exterieur"}  # of WORK, both

GENERAL_CHECKS = (  # asked of every order
    ("Sleutels en papieren compleet", "Alles wat bij het voertuig hoort ligt klaar voor de klant."),
    ("Geen gereedschap of doeken achtergebleven", "Ook onder de stoelen en in de kofferruimte gekeken."),
    ("Stoelen, spiegels en radio als bij binnenkomst", ""),
    ("Eindcontrole bij goed licht", "Rondom gelopen, geen strepen of resten gezien."),
)
GENERAL_GROUP = "Algemeen"


def groups_of(work):
    """The groups for these answers (keys of WORK), packages last."""
    found = [group for key in WORK if key in work for group in WORK[key].groups]
    return found + ([PACKAGE] if set(work) >= PACKAGE_NEEDS else [])


def handlings_for(group, vehicle):
    """The handlings of a group that make sense for a kind of vehicle (a key of VEHICLES)."""
    return [] if vehicle in group.not_for else [handling for handling in group.handlings if vehicle not in handling.not_for]


def price_of(euros, vehicle):
    """Whole euros for a kind of vehicle."""
    return (Decimal(euros) * VEHICLES[vehicle].factor).quantize(Decimal(1))


def minutes_of(minutes, vehicle):
    """Minutes for a kind of vehicle, in fives."""
    return max(5, int((Decimal(minutes) * VEHICLES[vehicle].factor / 5).quantize(Decimal(1))) * 5)


MAILS = (DEFECT, INVOICE)  # those that go to customers

RULES = (  # which vehicle an RDW record is, in the order in which they count: (key of VEHICLES, fields of a TypeRule)
    ("camper", {"body": "kampeerwagen"}),
    ("motor", {"kind": RdwKind.MOTORCYCLE}),
    ("vrachtwagen", {"kind": RdwKind.VAN, "min_mass": 3500}),
    ("bedrijfsauto", {"kind": RdwKind.VAN}),
    ("xl", {"kind": RdwKind.CAR, "min_length": 465}),
    ("xl", {"kind": RdwKind.CAR, "min_mass": 1900}),
    ("klein", {"kind": RdwKind.CAR, "max_length": 375}),
    ("standaard", {"kind": RdwKind.CAR}),
)
