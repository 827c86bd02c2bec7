"""The drawing of a car from above: its places, where each stands on the drawing (in its own units, 200 wide and 400 high)."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

WIDTH, HEIGHT = 200, 400


@dataclass(frozen=True)
class Place:
    """A part of the car that can be pressed on the drawing: its name and its outline, an SVG path."""

    label: str
    path: str
    x: int  # the middle, where a mark is drawn
    y: int


PLACES = {
    "front_bumper": Place(_("voorbumper"), "M50 32 Q100 8 150 32 L148 48 Q100 28 52 48 Z", 100, 28),
    "bonnet": Place(_("motorkap"), "M54 50 Q100 32 146 50 L142 118 Q100 106 58 118 Z", 100, 78),
    "windscreen": Place(_("voorruit"), "M58 122 Q100 110 142 122 L132 156 Q100 148 68 156 Z", 100, 135),
    "roof": Place(_("dak"), "M69 160 Q100 152 131 160 L131 266 Q100 274 69 266 Z", 100, 212),
    "rear_window": Place(_("achterruit"), "M68 270 Q100 278 132 270 L140 302 Q100 312 60 302 Z", 100, 290),
    "boot": Place(_("kofferklep"), "M60 306 Q100 316 140 306 L144 358 Q100 370 56 358 Z", 100, 338),
    "rear_bumper": Place(_("achterbumper"), "M54 362 Q100 374 146 362 L148 378 Q100 396 52 378 Z", 100, 379),
    "left_front_wing": Place(_("linkervoorscherm"), "M48 50 L53 50 L57 120 L40 124 Q38 82 48 50 Z", 47, 90),
    "left_front_door": Place(_("linkervoorportier"), "M40 128 L57 124 L67 158 L67 208 L40 208 Z", 52, 175),
    "left_rear_door": Place(_("linkerachterportier"), "M40 212 L67 212 L67 268 L58 300 L40 290 Z", 52, 245),
    "left_rear_wing": Place(_("linkerachterscherm"), "M40 294 L58 304 L54 360 L48 360 Q40 330 40 294 Z", 48, 328),
    "right_front_wing": Place(_("rechtervoorscherm"), "M152 50 L147 50 L143 120 L160 124 Q162 82 152 50 Z", 153, 90),
    "right_front_door": Place(_("rechtervoorportier"), "M160 128 L143 124 L133 158 L133 208 L160 208 Z", 148, 175),
    "right_rear_door": Place(_("rechterachterportier"), "M160 212 L133 212 L133 268 L142 300 L160 290 Z", 148, 245),
    "right_rear_wing": Place(_("rechterachterscherm"), "M160 294 L142 304 L146 360 L152 360 Q160 330 160 294 Z", 152, 328),
    "left_mirror": Place(_("linkerspiegel"), "M16 128 L36 122 L36 138 L18 140 Z", 27, 132),
    "right_mirror": Place(_("rechterspiegel"), "M184 128 L164 122 L164 138 L182 140 Z", 173, 132),
    "left_front_wheel": Place(_("wiel linksvoor"), "M20 66 L34 66 L34 114 L20 114 Z", 27, 90),
    "right_front_wheel": Place(_("wiel rechtsvoor"), "M180 66 L166 66 L166 114 L180 114 Z", 173, 90),
    "left_rear_wheel": Place(_("wiel linksachter"), "M20 298 L34 298 L34 346 L20 346 Z", 27, 322),
    "right_rear_wheel": Place(_("wiel rechtsachter"), "M180 298 L166 298 L166 346 L180 346 Z", 173, 322),
    "inside": Place(_("interieur"), "M74 340 Q100 340 126 340 L126 341 Z", 100, 240),
}
CHOICES = [(name, place.label) for name, place in PLACES.items()]


def drawing(marks, chosen=""):
    """The places with what is drawn on them: `[{"name", "place", "marks": [(number, x), …], "is_chosen"}, …]`.

    `marks` are damage marks in the order in which they are numbered; more on one place stand beside each other.
    """
    found = {name: [] for name in PLACES}
    for number, mark in enumerate(marks, start=1):
        here = found[mark.place]
        here.append((number, PLACES[mark.place].x + 16 * len(here)))
    return [
        {"name": name, "place": place, "marks": found[name], "is_chosen": name == chosen}
        for name, place in PLACES.items()
        if name != "inside" or found[name]
    ]
