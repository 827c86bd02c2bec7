"""One field of a form made wrong, and what a person would miss in the answer to it."""

import re
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.forms import BaseForm
from django.forms.formsets import BaseFormSet, ManagementForm
from lxml import html

from cleanconnect.once import KEYS
from cleanconnect.texts import clean
from tests.forms_of_pages import kind_of

NOT_THERE = "999999999"
NOT_TYPED = {"csrfmiddlewaretoken", *KEYS}
UNSEEN = "\u202e\u200b\x00"  # what a text is cleaned of
WRONG = {  # by what kind of control it is: what no such control takes
    "date": ["2026-02-31"],
    "time": ["25:99"],
    "number": ["tien"],
    "email": ["geen-adres"],
    "color": ["groen"],
    "select": [NOT_THERE],
    "radio": [NOT_THERE],
    "choices": [NOT_THERE],
    "hidden": ["kapot"],
}
OUTDATED = "Noteer wat u hebt ingevuld, open de pagina opnieuw"  # of a hidden field: what to do, as its own error says nothing
HANGS_ON = {  # what cannot be there without a right answer to this
    "customer": re.compile("branch$"),
    "vehicle_type": re.compile("(services|packages|quantity_|discount_|regels-)"),
    "services": re.compile("(quantity_|discount_)"),
}
NUMBER_FIELDS = (forms.DecimalField, forms.IntegerField, forms.FloatField)


@dataclass
class Wrong:
    """`value` for the field `name`; `is_never_right` when no form can take it for good."""

    name: str
    value: object
    is_never_right: bool = True
    is_hidden: bool = False

    def __str__(self):
        shown = self.value if isinstance(self.value, str) else "a broken file"
        return f"{self.name}={shown[:12]!r}"


def wrongs(form, fields):
    """A `Wrong` or more for each field of a form; `fields` are Django's by name, as far as the page told them."""
    done = set()
    for name, controls in form.controls.items():
        like = re.sub(r"\d+", "#", name)  # rows of a table are all alike
        if name in NOT_TYPED or like in done:
            continue
        done.add(like)
        control, field = controls[0], fields.get(name)
        kind = kind_of_control(controls, field)
        is_text = kind in {"text", "email", "tel", "textarea", "url", "search"}
        if control.get("required") is not None or getattr(field, "required", False):
            yield Wrong(name, UNSEEN if is_text else "")
        if kind == "file":
            yield Wrong(name, SimpleUploadedFile("kapot.jpg", b"\xff\xd8\xffkapot"))
        for value in WRONG.get(kind, []):
            yield Wrong(name, value, kind != "hidden", is_hidden=kind == "hidden")
        if kind == "number":
            yield Wrong(name, "-1", is_never_right=False)
        if is_text:
            yield Wrong(name, "x" * 20_000, getattr(field, "max_length", None) is not None)


def kind_of_control(controls, field):
    """As the browser has it, but a text that is for numbers is a number, and boxes of which each is a choice are choices."""
    kind = kind_of(controls[0])
    if kind == "checkbox":
        return "choices" if controls[0].get("value") not in {None, "on"} else "tick"
    if kind == "text" and (isinstance(field, NUMBER_FIELDS) or controls[0].get("inputmode") in {"decimal", "numeric"}):
        return "number"
    return kind


# --- what the product thought of it ---------------------------------------------------------------------------------------


@contextmanager
def noticed():
    """A list of all forms and formsets that are validated within the block, whether a page is told of them or not."""
    validated, cleaners = [], {kind: kind.full_clean for kind in (BaseForm, BaseFormSet)}

    def noticing(kind):
        def full_clean(form):
            validated.append(form)
            return cleaners[kind](form)

        return full_clean

    for kind in cleaners:
        kind.full_clean = noticing(kind)
    try:
        yield validated
    finally:
        for kind, cleaner in cleaners.items():
            kind.full_clean = cleaner


def errors_of(validated):
    """`[(name of the field in the page or None, text)]` of all that was refused."""
    errors = []
    for form in {id(form): form for form in validated}.values():
        if isinstance(form, ManagementForm):
            continue  # its formset says it
        if isinstance(form, BaseFormSet):
            errors += [(None, error) for error in form.non_form_errors()]
        else:
            errors += [
                (None if name == "__all__" else form[name].html_name, error) for name, texts in form.errors.items() for error in texts
            ]
    return [(name, plain(error)) for name, error in dict.fromkeys(errors)]


def fields_of(response):
    """`{name in the page: Django's field}` of the forms that a page was made with."""
    fields = {}
    contexts = response.context or []
    for form in _forms_in([context.flatten() for context in (contexts if isinstance(contexts, list) else [contexts])], depth=3):
        fields |= {form.add_prefix(name): field for name, field in form.fields.items()}
    return fields


def _forms_in(value, depth):
    if isinstance(value, BaseForm):
        yield value
    elif isinstance(value, BaseFormSet):
        yield from value.forms
    elif depth and isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _forms_in(part, depth - 1)


# --- what a person sees of it ---------------------------------------------------------------------------------------------


def plain(text):
    return re.sub(r"\s+", " ", str(text)).strip()


class Screen:
    """The page of an answer as somebody sees it."""

    def __init__(self, response):
        content = response.content.decode().strip()
        self.tree = html.fromstring(content or "<p></p>")

    @cached_property
    def alerts(self):
        return " ".join(plain(element.text_content()) for element in self.tree.xpath("//*[@role='alert']") if is_seen(element))

    @cached_property
    def _by_id(self):
        return {element.get("id"): element for element in self.tree.iter() if isinstance(element.tag, str) and element.get("id")}

    def controls(self, name):
        return [control for control in self.tree.iter("input", "select", "textarea") if control.get("name") == name]

    def seen_controls(self, name):
        return [control for control in self.controls(name) if kind_of(control) != "hidden"]

    def says_at(self, control):
        """What is told with a field: the texts that it names, or the group that it is in."""
        named = [element.get("aria-describedby", "") for element in (control, *control.iterancestors("fieldset", "div"))]
        elements = [self._by_id[pk] for pk in " ".join(named).split() if pk in self._by_id]
        return " ".join(plain(element.text_content()) for element in elements if is_seen(element))

    def value_of(self, name):
        """All values that stand in fields with this name."""
        values = set()
        for control in self.controls(name):
            kind = kind_of(control)
            if kind == "select":
                values |= {option.get("value", option.text) for option in control.iter("option") if option.get("selected") is not None}
            elif kind == "textarea":
                values.add((control.text or "").removeprefix("\n"))
            elif kind not in {"checkbox", "radio"} or control.get("checked") is not None:
                values.add(control.get("value", "on" if kind == "checkbox" else ""))
        return values


def is_seen(element):
    """Whether nothing around an element hides it, as the browser and Bootstrap do."""
    inside = None
    for around in (element, *element.iterancestors()):
        classes = set(around.get("class", "").split())
        if around.get("hidden") is not None or classes & {"visually-hidden", "d-none"} or around.tag in {"template", "noscript"}:
            return False
        if around.tag == "details" and around.get("open") is None and inside is not None and inside.tag != "summary":
            return False
        if "invalid-feedback" in classes and "d-block" not in classes and not _follows_what_is_invalid(around):
            return False
        inside = around
    return True


def _follows_what_is_invalid(element):
    return any("is-invalid" in before.get("class", "").split() for before in element.itersiblings(preceding=True))


def missing(form, wrong, screen, errors, *, is_another_page):
    """Sentences of what the answer to a refused form lacks; another page that it led to can say it above only."""
    for name, error in errors:
        controls = screen.seen_controls(name) if name and not is_another_page else []
        is_hidden = bool(name and not controls and screen.controls(name))
        if not controls and error not in screen.alerts and not (is_hidden and OUTDATED in screen.alerts):
            yield f"does not show {error!r} ({name or 'of the whole form'})"
        elif controls and not any(error in screen.says_at(control) for control in controls):
            yield f"does not say at {name}: {error!r}" + (" (only above)" if error in screen.alerts else "")
        elif controls and not any(control.get("aria-invalid") == "true" for control in controls):
            yield f"does not mark {name} as wrong"
        elif controls and not any(is_seen(control) or _is_stand_in(control) for control in controls):
            yield f"hides {name}, which is wrong"
    if wrong.name.endswith("_FORMS"):
        return  # how many rows there are: without it there are none to show
    sent, hangs_on_it = {}, HANGS_ON.get(wrong.name)
    for name, value in form.fields:
        if hangs_on_it and hangs_on_it.match(name):
            continue
        sent.setdefault(name, set()).add(value)
    for name, values in sent.items():
        kinds = {kind_of(control) for control in form.controls.get(name, [])}
        if not kinds or kinds & {"hidden", "password", "file"} or (name == wrong.name and kinds & {"select", "radio", "checkbox"}):
            continue
        kept = {plain(value) for value in screen.value_of(name)}
        if lost := {plain(clean(str(value))) for value in values} - kept - {""}:
            yield f"forgets {name}: {sorted(lost)[0][:30]!r}"


def _is_stand_in(control):
    return "visually-hidden" in control.get("class", "").split()
