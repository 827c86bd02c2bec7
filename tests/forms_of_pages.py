"""The forms of a page as a browser would send them, filled in well enough to be accepted where that can be guessed."""

import copy
from dataclasses import dataclass
from urllib.parse import urljoin

from django.utils import timezone
from lxml import html

WORDS = {  # by what a field's name contains, the first that fits; what is not there is left empty unless it must be filled in
    "email": "nieuw@voorbeeld.nl",
    "plate": "KK-123-K",
    "iban": "NL91ABNA0417164300",
    "vin": "",
    "new_name": "",
    "password": "Zomer-in-de-wasstraat-9",
    "first": lambda: timezone.localdate().replace(day=1),
    "last": timezone.localdate,
    "reference": "NIEUW-1",
    "pin": "4719",
}
NOT_FILLED_IN = {"submit", "image", "button", "reset"}
NUMBERS = {"price", "quantity", "amount", "percentage", "minutes", "unit_price", "value", "position"}


@dataclass
class PageForm:
    """One form: where it goes and what is sent, as a list of `(name, value)` so that a name may come twice."""

    action: str
    fields: list
    element: object = None

    @property
    def controls(self):
        """`{name: its elements}` of all that can be filled in or chosen, hidden ones and files too."""
        controls = {}
        for element in _own(self.element, self.element.getroottree()):
            if element.get("name") and element.get("disabled") is None and kind_of(element) not in NOT_FILLED_IN:
                controls.setdefault(element.get("name"), []).append(element)
        return controls

    def copy(self):
        return copy.copy(self).choose({})

    def send(self, client, **extra):
        values = {}
        for name, value in self.fields:
            values.setdefault(name, []).append(value)
        for file in (value for found in values.values() for value in found if hasattr(value, "seek")):
            file.seek(0)
        return client.post(self.action, values, **extra)

    def choose(self, values):
        """Fill in, or over what stands there, `{name: value}`; returns the form."""
        self.fields = [(name, value) for name, value in self.fields if name not in values] + list(values.items())
        return self


def forms_on(page, address):
    """The POST forms of a response, each with its first button, as Enter would send it."""
    if not page.content.strip():
        return
    tree = html.fromstring(page.content.decode())
    for form in tree.iter("form"):
        if form.get("method", "").lower() == "post":
            yield PageForm(urljoin(address, form.get("action") or address), list(_fields(form, tree)), form)


def _fields(form, tree):
    own = _own(form, tree)
    if (button := _main_button(own)) is not None and button.get("name"):
        yield button.get("name"), button.get("value", "")
    radios, groups = set(), set()
    for element in own:
        name, kind = element.get("name"), kind_of(element)
        if not name or element.get("disabled") is not None or kind in NOT_FILLED_IN or kind == "file":
            continue
        if element.tag == "select":
            yield from _chosen(element)
        elif kind == "radio":
            if name not in radios and (element.get("checked") is not None or not _has_checked(own, name)):
                radios.add(name)
                yield name, element.get("value")
        elif kind == "checkbox":
            if element.get("checked") is not None or (element.get("value") not in {None, "on"} and name not in groups):
                groups.add(name)
                yield name, element.get("value", "on")
        else:
            kept = (element.text or "").strip() if element.tag == "textarea" else element.get("value")
            yield name, kept or _guess(name, kind, element)


def _own(form, tree):
    return [element for element in tree.iter("input", "select", "textarea", "button") if _belongs(element, form)]


def kind_of(element):
    return element.get("type", {"button": "submit", "input": "text"}.get(element.tag, element.tag)).lower()


def _main_button(elements):
    """What a person presses: the button that stands out, else the first."""
    buttons = [element for element in elements if kind_of(element) == "submit" and element.get("formaction") is None]
    standing_out = [button for button in buttons if "btn-primary" in button.get("class", "")]
    return next(iter(standing_out or buttons), None)


def _belongs(element, form):
    if element.get("form"):
        return element.get("form") == form.get("id")
    return form in element.iterancestors("form")


def _has_checked(elements, name):
    return any(element.get("name") == name and element.get("checked") is not None for element in elements)


def _chosen(select):
    options = list(select.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None and option.get("value")]
    chosen = chosen or [option for option in options if option.get("value")][:1]
    for option in chosen:
        yield select.get("name"), option.get("value")


def _guess(name, kind, element):
    last = name.rsplit("-", 1)[-1]
    if kind == "hidden":
        return ""
    if last == "day":
        return "2027-04-27"
    for part, value in WORDS.items():
        if part in last:
            return str(value() if callable(value) else value)
    if kind == "date":
        return str(timezone.localdate())
    if element.get("required") is None:
        return ""
    if kind == "number" or last in NUMBERS:
        return "10"
    return f"Nieuw {last}"[: int(element.get("maxlength") or 40)]
