"""What people paste and attackers post, in each text field of each form: no 500, clean in the database, escaped on the page."""

import re
from contextlib import contextmanager
from functools import cache, partial
from html import unescape
from itertools import filterfalse

from django import forms
from django.apps import apps
from django.core.cache import cache as limits
from django.db import models
from django.db.models.signals import post_save
from django.forms.forms import BaseForm
from django_filters import FilterSet

from cleanconnect.rooms import models as our_models
from cleanconnect.rooms import rooms
from cleanconnect.tenancy import context
from cleanconnect.texts import _RIGHT_TO_LEFT, clean, one_line
from tests.isolation.addresses import addresses
from tests.test_texts import EVERY_NASTY, MORE_READABLE, READABLE
from tests.walk_of_pages import Walk, can_do_everything, forms_of, paths_in_other_states, rows_in_other_states, what_a_person_chooses
from tests.wrong_fields import NOT_TYPED, errors_of, fields_of, kind_of_control, noticed

MOST_TIMES = 3  # that a form is sent, each time with other texts in each field; all that is wide has had all of them then
ALL_READABLE = {*READABLE, *MORE_READABLE}
TEXT = {"text", "textarea", "tel", "search"}
CUT_OFF = re.compile("[\u200c\u200d]…")  # a shortened text may end inside an emoji
MARKUP = ("<script> %s", "<img src=x", "<%= 7*7", "<![CDATA[ &amp;", '" autofocus onfocus="alert')


def test_there_are_sixty_and_each_is_another():
    assert len(EVERY_NASTY) == len(set(EVERY_NASTY)) >= 60


def ours(kind):
    """All classes of ours of this kind."""
    for below in kind.__subclasses__():
        if apps.get_containing_app_config(below.__module__) in rooms():
            yield below
        yield from ours(below)


def test_every_text_in_every_text_field_of_every_form_there_is(company):
    for address in addresses():  # whoever asks for the views has all forms
        assert address.view
    tried, faults = set(), []

    fields = [(form, name, field) for form in ours(BaseForm) for name, field in form.base_fields.items()]
    asked = [(filters, name, one) for filters in ours(FilterSet) for name, one in filters.base_filters.items()]
    fields += [(filters, name, one.field) for filters, name, one in asked if issubclass(one.field_class, forms.CharField)]
    for form, name, field in fields:
        if isinstance(field, forms.CharField):
            tried.add((form, name))
            faults += every_text_in(field, f"{form.__module__}.{form.__qualname__}: {name}")

    assert not faults, "\n".join(faults)
    assert len({form for form, _name in tried}) > 40
    assert {"CompanySettingsForm", "CustomerForm", "ContactForm"} <= {form.__name__ for form, _name in tried}


def every_text_in(field, where):
    """What is wrong with what a field makes of each text: it refuses it in clean words, or takes it clean."""
    for text in EVERY_NASTY:
        try:
            value = field.clean(text)
        except forms.ValidationError as error:
            value = " ".join(error.messages)
        except Exception as error:
            yield f"{where} with {text!r} raises {error!r}"
            continue
        if isinstance(value, str) and clean(value) != value:
            yield f"{where} makes {value!r} of {text!r}"
        if isinstance(value, str) and "\n" in value and not isinstance(field.widget, forms.Textarea):
            yield f"{where} keeps two lines of {text!r}"


def test_every_text_in_every_form_as_a_browser_sends_it(neighbour, silent_log):
    """A field that is too narrow for all texts in these times has had some of them, and others of its kind the others."""
    faults, kept, tried, turn = [], set(), {}, 0
    with context.company(neighbour.company.pk):
        rows = rows_in_other_states(neighbour)
        can_do_everything(neighbour)
        everywhere = {"rows": rows.values(), "paths": paths_in_other_states(neighbour, rows)}
        everyone = {"owner": Walk(neighbour, **everywhere), "nobody": Walk(neighbour, None, **everywhere)}
        for who, walk, address, page, form, view in forms_of(everyone, what_a_person_chooses(neighbour)):
            fields = fields_of(page)
            names = [name for name in form.controls if is_text(form, fields, name)]
            parts = {name: together(longest(fields.get(name))) for name in names if is_free(fields.get(name))}
            for time in range(min(MOST_TIMES, max(map(len, parts.values()), default=1)) if names else 0):
                texts = {name: of_field[(turn + time) % len(of_field)] for turn, (name, of_field) in enumerate(parts.items(), turn)}
                tried.setdefault(view, set()).update(*texts.values())
                if time == 0:
                    texts |= {name: fitting(turn + at, fields.get(name)) for at, name in enumerate(names) if name not in parts}
                said, stored, texts = walk.undone(partial(sent, walk, address, page, form, texts))
                faults += [f"{who}: {view} with {texts} {fault}" for fault in said]
                readable = {text for name, of_field in texts.items() if name in parts for text in of_field} & ALL_READABLE
                gone = {text for text in readable if not any(text.casefold() in one.casefold() for one in stored)}  # a code is in capitals
                kept |= {(view, text) for text in readable - gone}
                if stored and gone:
                    faults.append(f"{who}: {view} changes {gone}")
            turn += len(names)

    assert not faults, "\n".join(faults)
    assert {text for _view, text in kept} == ALL_READABLE
    assert len({view for view, _text in kept}) > 20
    assert sum(texts == set(EVERY_NASTY) for texts in tried.values()) > 10


@cache
def together(room):
    """All texts that fit in this room, as lists that fit in it with a blank between them.

    Those from right to left stand apart: beside them the others may keep marks of direction, which alone they lose.
    """
    lists = []
    for of_one_direction in (
        [text for text in EVERY_NASTY if _RIGHT_TO_LEFT.search(text)],
        [*filterfalse(_RIGHT_TO_LEFT.search, EVERY_NASTY)],
    ):
        lists.append([])
        for text in of_one_direction:
            if len(" ".join([*lists[-1], text])) > room:
                lists.append([])
            if len(text) <= room:
                lists[-1].append(text)
    return [texts for texts in lists if texts]


def is_text(form, fields, name):
    return name not in NOT_TYPED and kind_of_control(form.controls[name], fields.get(name)) in TEXT


def is_free(field):
    """Whether it takes any words and keeps them, not only a postcode or a number, nor a password."""
    return type(field) is forms.CharField and field.strip


def longest(field):
    return getattr(field, "max_length", None) or 100


def fitting(number, field):
    """The text with this number, or the first after it that is not too long for a field, alone in a list."""
    return next([text] for text in EVERY_NASTY[number % len(EVERY_NASTY) :] + EVERY_NASTY if len(text) <= longest(field))


def sent(walk, address, page, form, texts):
    """`(what is wrong in the answers, what was stored or is shown, the texts of the fields that take them)`.

    `texts` are lists by the name of a field. What was refused at a field is left as it was, a price that a line asks for is filled in,
    and the form sent again.
    """
    limits.clear()
    if address != page.asked:
        walk.client.get(page.asked, follow=True)
    faults, prices = [], {}
    for _attempt in range(3):
        with saved() as rows, noticed() as validated:
            response = form.copy().choose(prices | as_bytes(texts)).send(walk.client)
        faults += faults_of(response)
        refused = {name for name, _error in errors_of(validated)}
        asked = {name for name in refused if name.startswith("regels-") and name.endswith("-unit_price")} - set(prices)
        if not asked and not refused & set(texts):
            break
        texts = {name: of_field for name, of_field in texts.items() if name not in refused}
        prices |= dict.fromkeys(asked, "10")
    if response.status_code in {302, 303}:
        response = walk.client.get(response.url, follow=True)
        faults += faults_of(response)
    stored = {text for row in rows for text in texts_of(row)}
    faults += [f"stores {text!r}" for text in stored if clean(text) != text]
    if rows:  # many at once are saved without a signal, and the page that follows shows them
        stored.add(unescape(response.content.decode()))
        stored.add(unescape(walk.client.get(address).content.decode()))  # or the form itself, where an update in bulk is all there was
    return faults, stored, texts


def as_bytes(texts):
    """As a browser sends them; half a character is no text, but can be sent."""
    return {name: " ".join(of_field).encode("utf-8", "surrogatepass") for name, of_field in texts.items()}


def faults_of(response):
    body = response.content.decode() if response["Content-Type"].startswith("text/html") else ""
    if response.status_code >= 500:
        yield f"answers {response.status_code}"
    if unreadable := [line for line in CUT_OFF.sub("…", body.replace("\t", " ")).splitlines() if one_line(line) != line]:
        yield f"shows what nobody can read: {unreadable[0].strip()[:200]!r}"
    if any(markup in body for markup in MARKUP):
        yield "does not escape"


@contextmanager
def saved():
    """The rows of ours that are saved within the block."""
    rows = []

    def note(sender, instance, **kwargs):
        if sender in our_models():
            rows.append(instance)

    post_save.connect(note)
    try:
        yield rows
    finally:
        post_save.disconnect(note)


def texts_of(row):
    """What stands in the columns of a row for words, and in its translations."""
    row = type(row)._base_manager.filter(pk=row.pk).first()
    kinds = (models.CharField, models.TextField, models.JSONField)
    for column in row._meta.concrete_fields if row else ():
        if isinstance(column, kinds):
            yield from _leaves(getattr(row, column.attname))


def _leaves(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _leaves(part)
