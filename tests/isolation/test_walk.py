"""Nine kinds of visitor go to every address of the product, with what is theirs and with what is others', by every method.

All of it is found by itself: addresses in the URL configuration, tables and columns in the models, fields in the pages, lists and
filters at their views. What cannot be found says what to add, and where.
"""

import logging
import re
from functools import partial

import pytest
from django.http import HttpResponse
from django.urls import reverse

from cleanconnect.spreadsheets import CSV, XLSX
from cleanconnect.tenancy import context
from cleanconnect.tenancy.postgres.schema import company_field
from cleanconnect.views import Exportable
from customers.models import Customer
from exports import tasks
from exports.everything import tables
from exports.models import Export
from tests.isolation.addresses import addresses
from tests.isolation.gaps import company_models
from tests.isolation.sides import (
    FIRST,
    FIRSTS,
    FIRSTS_SECRET,
    MARK,
    MISSING,
    NEIGHBOUR,
    NEIGHBOURS,
    OTHER,
    OTHERS,
    OTHERS_SECRET,
    World,
    label,
    text_fields,
)
from tests.isolation.walk import VISITORS, Walk
from tests.isolation.walking import Walker, undone
from workorders.models import WorkOrder

OWN_MARK = {"first": FIRSTS, "other": OTHERS, "neighbour": NEIGHBOURS}
EMPTY = {"invoicing:to-invoice", "quality:today", "workorders:costs"}  # lists without the one order, which is invoiced and has no date
UNREACHED = {  # addresses at which an owner finds nothing, with why
    "accept-invitation": "no company asks the owner",
    "decline-invitation": "no company asks the owner",
    "accounts:member-pin": "the number is the owner's, who has no PIN",
    "customer-restore": "the customer is not in the archive",
    "exports:create": "asks for the address of a list; see the files below",
    "invoicing:bank-unbook": "the line is not booked",
    "invoicing:reminder-preview": "nothing is overdue",
    "invoicing:renew-link": "the link was not revoked",
    "invoicing:retry-pdf": "the PDF is there",
    "local-mail": "mails are in memory",
    "mfa_deactivate_totp": "the owner has no second step",
    "mfa_download_recovery_codes": "the owner has no second step",
    "mfa_view_recovery_codes": "the owner has no second step",
    "quality:note-answer": "nothing was asked of the customer",
    "quality:people-offline": "no tablet",
    "quality:tablet-key": "no tablet",
    "quote-page": "the quote was not sent",
    "quotes:note-answer": "the quote was not sent",
    "services:copy-preview": "nothing was previewed",
    "workorders:many-preview": "nothing was previewed",
    "workorders:set-status-because": "this status needs no reason",
    "services:raise-customer-preview": "asks for more in the query",
    "services:raise-preview": "asks for more in the query",
    "workorders:drop-view": "the view is the customer's",
    "workorders:edit": "the order is invoiced",
    "workorders:edit-choices": "the order is invoiced",
    "workorders:hand-over": "the order is not ready",
    "workorders:planning-capacity": "asks for a day in the query",
    "workorders:planning-events": "asks for days in the query",
    "workorders:slips-of-day": "nothing is planned that day",
}


def named(name):
    return next(address for address in addresses() if address.name == name)


def visitor_named(name):
    return next(visitor for visitor in VISITORS if visitor.name == name)


def is_list(address):
    """Whether it is a list that can be saved as a file."""
    return isinstance(address.view, type) and issubclass(address.view, Exportable) and address.view.sheet is not None


def bare(request, exception=None, status=404):
    """A refusal without the house around it, but with what only the log would say; one test compares the real pages."""
    return HttpResponse(repr(exception), status=status)


@pytest.fixture
def world(db, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"forged_link": ""}  # the walk forges more than a person in an hour
    logging.disable(logging.CRITICAL)  # every refusal is logged, with its traceback
    yield World.make()
    logging.disable(logging.NOTSET)


@pytest.fixture
def bare_refusals(monkeypatch):
    for status in (400, 403, 404):
        monkeypatch.setattr(f"cleanconnect.urls.handler{status}", partial(bare, status=status), raising=False)


def test_every_argument_of_every_address_is_filled_in():
    unfilled = {address.name: address.unfilled for address in addresses() if address.unfilled}

    assert unfilled == {}, "say in `tests.isolation.addresses` what stands there (FILLED, SIGNED or KEYED)"


@pytest.mark.parametrize("visitor", VISITORS, ids=[visitor.name for visitor in VISITORS])
def test_a_visitor_finds_and_changes_nothing_of_others(world, bare_refusals, visitor):
    walk = Walk(world, visitor)

    walk.everywhere()

    assert walk.faults == []
    assert OWN_MARK[visitor.own] in walk.read
    if visitor.name == "owner":
        unreached = {
            name for name, answers in walk.own_answers.items() if {answer.status for answer in answers.values()} <= {404, 405, 410}
        }
        assert unreached == set(UNREACHED), "give the row of `tests.factories.Neighbour` what makes it show there"


@pytest.mark.parametrize("visitor", VISITORS[:-1], ids=[visitor.name for visitor in VISITORS[:-1]])
def test_a_list_saved_as_a_file_holds_nothing_of_others(world, bare_refusals, visitor):
    walk, read = Walk(world, visitor), {}

    for address in filter(is_list, addresses()):
        for kind in (CSV, XLSX):
            for side in (walk.own, *walk.others):
                file = walk.download(named("exports:create"), {"adres": f"{address.path(side)}?soort={side.number}", "soort": kind})
                if file:
                    read[address.name, kind] = read.get((address.name, kind), set()) | file.marks

    assert walk.faults == []
    if visitor.name == "owner":
        files = {(address.name, kind) for address in filter(is_list, addresses()) for kind in (CSV, XLSX)}
        empty = {name for name, _kind in files - {file for file, marks in read.items() if marks}}
        assert empty == EMPTY, "give the row of `tests.factories.Neighbour` what puts it on the list"
    if visitor.name in {"employee", "tablet"}:
        assert read == {}


@pytest.mark.parametrize("name", ["owner", "owner of another company"])
def test_all_that_a_company_saves_is_its_own(world, name):
    walk = Walk(world, visitor_named(name))
    with undone():
        walk.walker.ask(walk.session, "POST", reverse("exports:everything"))
        with context.company(walk.own.company_id):
            export = Export.objects.get(format="zip")
        tasks.make(walk.own.company_id, export.pk)

        archive = walk.walker.ask(walk.session, "GET", reverse("exports:download", args=[export.pk]))

    assert archive.status == 200
    assert archive.marks <= walk.visitor.may_read
    parts = dict(re.findall(r"^(tabellen/\S+)\n(.*?)(?=^\S+/\S+\n|\Z)", archive.text, re.MULTILINE | re.DOTALL))
    files = {model.__name__: f"tabellen/{model._meta.app_label}-{model._meta.model_name}.csv" for model in tables() if text_fields(model)}
    silent = [name for name, file in files.items() if not MARK.search(parts[file])]
    assert silent == []


def test_every_column_of_text_has_a_mark_of_every_side(world):
    """The positive control: what would be found, were it shown."""
    unmarked = []
    with context.company(NEIGHBOUR):
        unmarked += [label(field) for model in company_models() for field in text_fields(model) if not is_marked(field, {NEIGHBOURS})]
    with context.company(FIRST):
        context.narrow(company_id=FIRST, customer_id=OTHER)
        models = [model for model in company_models() if company_field(model).customer_sees not in {"nothing", "all"}]
        unmarked += [label(field) for model in models for field in text_fields(model) if not is_marked(field, {OTHERS, OTHERS_SECRET})]

    assert unmarked == [], "give `tests.factories.Neighbour` a row with a text there, or NO_TEXT in `tests.isolation.sides` the reason"


def is_marked(field, letters):
    """Whether this column of a row that is shown now has a mark of one of these sides."""
    texts = field.model._base_manager.values_list(field.attname, flat=True)
    return any(letters & set(MARK.findall(str(text))) for text in texts)


def test_what_is_of_others_and_what_is_not_there_are_one_page(world):
    walker = Walker()

    pages = [walker.ask(world.sessions["owner"], "GET", reverse("customers:edit", args=[pk])) for pk in (NEIGHBOUR, MISSING)]

    assert pages[0].status == 404
    assert "Niet gevonden" in pages[0].text
    assert pages[0].text == pages[1].text


def test_the_walk_notices_what_it_is_there_for(world, bare_refusals, monkeypatch):
    """A view that answers for everyone, and one that changes what is not its own."""

    def leaky(request, pk):
        with context.company(NEIGHBOUR):
            customer = Customer.objects.get(pk=NEIGHBOUR)
            Customer.objects.filter(pk=NEIGHBOUR).update(name="Overgenomen")
        return HttpResponse(customer.name if pk == NEIGHBOUR else "", status=500 if pk == FIRST else 200)

    walk, address = Walk(world, visitor_named("owner")), named("customers:edit")
    monkeypatch.setattr(address.pattern, "callback", leaky)

    walk.visit(address)

    assert {fault.partition(": ")[2] for fault in walk.faults} >= {
        "tells a row of others (200) from one that is not there (200)",
        "shows texts of others: ['b']",
        "changed rows of customers_customer that are of others",
        "answers 500: ",
    }


def test_what_is_hidden_from_customers_is_shown_to_the_office(world, bare_refusals):
    """The positive control: a hidden number is found where it is."""
    walk = Walk(world, visitor_named("owner"))

    walk.visit(named("workorders:detail"))

    with context.company(FIRST):
        WorkOrder.objects.update(note="")
    [answer] = [walk.ask(named("workorders:detail"), "GET", named("workorders:detail").path(walk.own))]
    assert FIRSTS_SECRET in answer.marks


ABOUT_US = re.compile(r"note|cost|margin|internal|purchase|memo")
TO_BE_SEEN = {  # looked at one by one: names with such a word that are meant for the customer
    *("WorkOrder.cost_centre", "Branch.cost_centre"),  # the customer's own
    "Customer.cost_centre_required",
    *("DamageMark.note", "Payment.note"),
}


def test_columns_that_sound_as_of_the_company_alone_are_hidden_or_meant_to_be_seen():
    seen = [model for model in company_models() if company_field(model).customer_sees not in {"nothing", "all"}]
    sounding = {label(field) for model in seen for field in model._meta.concrete_fields if ABOUT_US.search(field.name)}
    hidden = {f"{model.__name__}.{name}" for model in seen for name in company_field(model).hidden}

    assert hidden >= {"WorkOrder.note", "WorkOrder.material_cost", "Customer.note"}
    assert sounding - hidden == TO_BE_SEEN
    assert all(label.split(".")[1] in {field.name for model in seen for field in model._meta.concrete_fields} for label in hidden)
