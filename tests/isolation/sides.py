"""Two companies that look alike: one with two customers, each with a row of every kind, and marks in all their texts.

The first customer's rows are made by the factories; the other customer's and the other company's are copies of them, so that a new
table is on every side by itself. Each side has a number that all its tables share: the address of a row of one side is that of another
with another number in it. The number and the marks stand nowhere else, so that finding one tells whose row it comes from.
"""

import copy
import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.db.models.signals import pre_save
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.links import tokens
from accounts.middleware import TABLET, USED_AT
from accounts.models import Company, Membership, Tablet, User
from accounts.tablets import hashed, set_pin
from cleanconnect.rooms import models as our_models
from cleanconnect.tenancy import context
from cleanconnect.tenancy.postgres.schema import company_field
from customers.models import Customer
from tests.factories import MembershipFactory, Neighbour
from tests.isolation.gaps import company_models
from workorders.models import CalendarFeed

FIRST, OTHER, NEIGHBOUR, MISSING = 7_110_001, 7_120_001, 7_210_001, 7_910_001
SPAN = 10_000
SHORTEST = 8  # a column in which a mark fits
MARK = re.compile(r"zq7([a-z])j")
# Whose text it is: of all customers of a company, of its office, of the first and the other customer, what a customer never sees of its
# own; and the neighbour's.
LETTERS = SHARED, OFFICE, FIRSTS, OTHERS, FIRSTS_SECRET, OTHERS_SECRET, NEIGHBOURS = "aoxynmb"
# A number for what is hidden and no text; its cents say whose it is. As a page, a file or JSON writes it.
HIDDEN_NUMBERS = {FIRSTS_SECRET: Decimal("73195.11"), OTHERS_SECRET: Decimal("73195.22"), NEIGHBOURS: Decimal("73195.33")}
HIDDEN_NUMBER = re.compile(r"73\.?195[.,](\d\d)")
NO_TEXT = {  # columns of text that are no words, with why
    "Company.colour": "a colour",
    "Company.invoice_number_format": "a format",
    "Counter.series": "names what is counted",
    "Vehicle.country": "the sign of a country",
    "User.password": "a hash",
    "Membership.pin": "a hash",
    "Membership.offline_key": "a key",
    "Tablet.key_hash": "a hash",
    "Tablet.public_key": "a key",
    "Tablet.code_hash": "a hash",
    "CalendarFeed.key_hash": "a hash",
    "PaymentAccount.sealed_key": "sealed",
    "Invoice.taxes": "amounts",
    "Invoice.pdf_sha256": "a hash",
    "Invoice.ubl_sha256": "a hash",
    "BookExport.sha256": "a hash",
    "BookExport.rates": "amounts",
    "Export.address": "the address of a list",
    "Import.mapping": "which column is which field",
    "Import.defaults": "by the name of a field",
    "Import.decimal_signs": "by the name of a field",
    "SavedView.query": "a filter",
}


@dataclass
class Side:
    """Whose rows: `number` is the id of its row of every table."""

    number: int
    company_id: int
    feed_key: str = "geen"
    personal_token: str = "geen"
    user_id: int | None = None

    @property
    def personal_link(self):
        """The arguments of the personal link of its first user."""
        return {"uidb64": urlsafe_base64_encode(force_bytes(self.user_id or self.number)), "token": self.personal_token}


def label(field):
    return f"{field.model.__name__}.{field.name}"


def is_hidden(field):
    """Whether it is for the company alone, on a row that the customer sees."""
    return field.name in getattr(company_field(field.model), "hidden", ())


def hidden_numbers(model):
    return [field for field in model._meta.concrete_fields if isinstance(field, models.DecimalField) and is_hidden(field)]


def marks_in(text):
    """Letters of the sides of which something can be read in it."""
    cents = {str(number)[-2:]: letter for letter, number in HIDDEN_NUMBERS.items()}
    return set(MARK.findall(text.lower())) | {cents[found] for found in HIDDEN_NUMBER.findall(text) if found in cents}


def text_fields(model):
    """The columns of a table in which somebody's words can stand."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.FileField)
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, kinds) and not field.choices and f"{model.__name__}.{field.name}" not in NO_TEXT
        if (field.max_length or SHORTEST) >= SHORTEST
    ]


def _mark_of(instance):
    field = company_field(type(instance))
    sees = field.customer_sees if field else "all" if isinstance(instance, Company) else "own"
    if sees == "all":
        return SHARED
    is_staff = isinstance(instance, Membership) and instance.customer_id is None
    return OFFICE if sees == "nothing" or is_staff else FIRSTS


class Marking:
    """Gives each row that is saved a number of the side, and each of its texts a mark."""

    def __init__(self, number):
        self.number, self.last, self.texts = number, {}, count(1)

    def __call__(self, sender, instance, raw=False, **kwargs):
        if sender not in our_models() or not instance._state.adding:
            return
        index = self.last[sender] = self.last.get(sender, -1) + 1
        instance.pk = instance.pk or self.number + index
        for field in text_fields(sender):
            letter = FIRSTS_SECRET if is_hidden(field) else _mark_of(instance)
            setattr(instance, field.attname, self._marked(instance, field, f"zq7{letter}j{next(self.texts)}"))
        for field in hidden_numbers(sender):
            setattr(instance, field.attname, HIDDEN_NUMBERS[FIRSTS_SECRET])

    def _marked(self, instance, field, mark):
        value = getattr(instance, field.attname)
        if isinstance(field, models.JSONField):
            return value | {"mark": mark} if isinstance(value, dict) else _all_marked(value, mark)
        if isinstance(field, models.FileField):
            return _file(
                getattr(instance, "company_id", instance.pk), f"{mark}{PICTURE if isinstance(field, models.ImageField) else '.txt'}"
            )
        if isinstance(field, models.EmailField):
            return f"{mark}@voorbeeld.example"
        both = f"{value} {mark}".strip()
        return both if field.max_length is None or len(both) <= field.max_length else mark


def _file(company_id, name):
    """Where a file of a company with this name stands; what is in it is the name."""
    return default_storage.save(f"{company_id}/{name}", ContentFile(name.encode()))


def _all_marked(value, mark):
    """A list out of a JSON column with a mark in each text."""
    if isinstance(value, list):
        return [_all_marked(part, mark) for part in value]
    return f"{value} {mark}" if isinstance(value, str) else value


PICTURE = ".webp"


@contextmanager
def marking(number):
    handler = Marking(number)
    pre_save.connect(handler)
    try:
        yield
    finally:
        pre_save.disconnect(handler)


def clone(rows, distance, letters, *, into=None):
    """Copies of `{model: rows}`, their numbers `distance` further and their marks by `letters`; `into` is another company's id."""

    def marked(text):
        return MARK.sub(lambda found: f"zq7{letters.get(found[1], found[1])}j", text)

    numbers = {(model, row.pk) for model, instances in rows.items() for row in instances}
    for model, instances in rows.items():
        fields = text_fields(model)
        copies = []
        for row in instances:
            twin = copy.copy(row)
            twin.pk += distance
            for field in model._meta.concrete_fields:
                value = getattr(twin, field.attname)
                if into and field is company_field(model):
                    twin.company_id = into
                elif isinstance(field, models.ForeignKey) and (field.remote_field.model, value) in numbers:
                    setattr(twin, field.attname, value + distance)
                elif isinstance(field, models.UUIDField) and value:
                    setattr(twin, field.attname, uuid4())
                elif field.name == "number" and isinstance(value, int):
                    twin.number += distance
                elif isinstance(field, models.FileField) and value:
                    setattr(twin, field.attname, _file(into or twin.company_id, marked(value.name.rpartition("/")[2])))
                elif isinstance(field, models.JSONField):
                    setattr(twin, field.attname, json.loads(marked(json.dumps(value))))
                elif field in hidden_numbers(model):
                    setattr(twin, field.attname, HIDDEN_NUMBERS[letters[FIRSTS_SECRET]])
                elif field in fields and value:
                    setattr(twin, field.attname, marked(value))
            copies.append(twin)
        model._base_manager.bulk_create(copies)


@dataclass
class World:
    """The three sides, and the key of the session of each of the nine visitors; nobody has none."""

    first: Side
    other: Side
    neighbour: Side
    sessions: dict

    @classmethod
    def make(cls):
        with marking(FIRST), context.company(FIRST):
            company = Company.objects.create(pk=FIRST, start_guide_done_at=timezone.now())
            rows = Neighbour.rows_of_every_kind(company)
            employee, _bookkeeper = (MembershipFactory(role=role) for role in ("employee", "bookkeeper"))
            set_pin(employee, "2580")
            CalendarFeed.objects.update(key_hash=hashed("eerste"))
            customer = rows[Customer]
            context.narrow(company_id=FIRST, customer_id=customer.pk)
            customers_rows = {model: list(model._base_manager.all()) for model in company_models() if _is_of_customers(model)}
            context.narrow(company_id=FIRST)
            all_rows = {model: list(model._base_manager.all()) for model in company_models()}
            users = {row.pk: row for row in User.objects.filter(memberships__isnull=False)}
            own_users = [users[row.user_id] for row in customers_rows[Membership]]
            clone(
                {User: own_users} | customers_rows,
                OTHER - FIRST,
                dict.fromkeys(FIRSTS, OTHERS) | {FIRSTS_SECRET: OTHERS_SECRET, SHARED: SHARED, OFFICE: OFFICE},
            )
        with context.company(NEIGHBOUR):
            all_rows = {Company: [company], User: list(users.values())} | all_rows
            clone(all_rows, NEIGHBOUR - FIRST, dict.fromkeys(LETTERS, NEIGHBOURS), into=NEIGHBOUR)
            CalendarFeed.objects.update(key_hash=hashed("buur"))
        sides = [
            Side(FIRST, FIRST, "eerste", *_personal(FIRST)),
            Side(OTHER, FIRST, "geen", *_personal(own_users[0].pk + OTHER - FIRST)),
            Side(NEIGHBOUR, NEIGHBOUR, "buur", *_personal(NEIGHBOUR)),
        ]
        return cls(*sides, sessions=_sessions())


def _is_of_customers(model):
    return company_field(model).customer_sees not in {"nothing", "all"}


def _personal(user_pk):
    user = User.objects.get(pk=user_pk)
    return tokens.make_token(user), user.pk


def _sessions():
    sessions = {"nobody": None}
    for company_id, names in ((FIRST, ("owner", "employee", "bookkeeper")), (NEIGHBOUR, ("owner",))):
        with context.company(company_id):
            place = "" if company_id == FIRST else " of another company"
            for role in names:
                sessions[role + place] = _session(Membership.objects.filter(role=role).first())
            for index, login in enumerate(Membership.objects.filter(role="customer").order_by("pk")):
                sessions[("customer" if index == 0 else "other customer") + place] = _session(login)
            if company_id == FIRST:
                sessions["tablet"] = _session(Membership.objects.exclude(pin="").get(), tablet=Tablet.objects.get().pk)
    return sessions


def _session(membership, tablet=None):
    """The key of a session in which this membership is logged in."""
    user = membership.user
    store = SessionStore()
    store.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
    )
    store["company_id"] = membership.company_id
    if tablet:
        store.update({TABLET: tablet, USED_AT: timezone.now().timestamp() + 3600})
    store.create()
    return store.session_key
