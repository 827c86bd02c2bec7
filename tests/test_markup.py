"""Whatever people type, a page, a part of it, a mail or a paper shows as text: no element, no attribute and no template of their own."""

import pytest
from django.db import DatabaseError, models, transaction

from cleanconnect.tenancy import context
from invoicing import pdf
from invoicing.models import Invoice
from notifications.delivery import build
from notifications.models import Message
from tests.factories import MembershipFactory
from tests.isolation.gaps import company_models
from tests.isolation.sides import label, text_fields
from tests.walk_of_pages import Walk, rows_in_other_states
from workorders import printing
from workorders.models import WorkOrder

TYPED = """<b x='">{{7*7}}"""
SHOWN = ("&lt;b x=&#39;&#34;&gt;{{7*7}}", "&lt;b x=&#x27;&quot;&gt;{{7*7}}")  # quotes by number, or by name
RAW = ("<b x=", "&lt;b x=&#39;&#34;&gt;49", "&amp;lt;b x", "x='\"")  # an element, worked out, escaped twice, out of its attribute


@pytest.fixture
def typed(neighbour):
    """A company with a row of every kind, and markup in each text that takes it; the rows that are walked beside those of every kind."""
    with context.company(neighbour.company.pk):
        rows = rows_in_other_states(neighbour).values()
        fields = [field for model in [*company_models(), type(neighbour.company)] for field in text_fields(model)]
        taken = {label(field) for field in fields if isinstance(field, models.CharField | models.TextField) and takes(field)}
        assert len(taken) > 100
        yield rows


def takes(field):
    """Whether the database lets markup be written to a column, at least in one row."""
    if (field.max_length or 1000) < len(TYPED):
        return False
    taken = False
    for pk in field.model._base_manager.values_list("pk", flat=True):
        try:
            with transaction.atomic():
                taken |= bool(field.model._base_manager.filter(pk=pk).update(**{field.name: TYPED}))
        except DatabaseError:  # it is frozen, unique, or no free text
            continue
    return taken


@pytest.mark.parametrize(("who", "pages"), [("owner", 60), ("customer", 8)])
def test_markup_is_text_on_every_page_and_in_every_part(typed, neighbour, silent_log, who, pages):
    login = neighbour.row("Membership") if who == "owner" else MembershipFactory(role="customer", customer=neighbour.row("Customer"))
    walk = Walk(neighbour, login, rows=typed)

    faults, showing = [], set()
    for name, address, page in walk.pages():
        part = walk.undone(lambda at=page.asked: walk.client.get(at, headers={"HX-Request": "true"}))
        html = page.content.decode() + part.content.decode(errors="replace")
        faults += [f"{address} has {raw}" for raw in RAW if raw in html]
        if any(shown in html for shown in SHOWN):
            showing.add(name)

    assert not faults, "\n".join(faults)
    assert len(showing) >= pages


def test_markup_is_text_in_a_mail(typed, neighbour):
    [(html, _kind)] = build(Message.objects.filter(attachments=[]).first(), company=neighbour.company).alternatives

    assert any(shown in html for shown in SHOWN)
    assert not any(raw in html for raw in RAW)


@pytest.mark.parametrize("paper", ["invoicing/invoice_pdf.html", "workorders/slip_pdf.html", "workorders/label_pdf.html"])
def test_markup_is_text_on_paper(typed, neighbour, monkeypatch, paper):
    made = []
    for module in (pdf, printing):
        monkeypatch.setattr(module, "pages", lambda html, *args, **kwargs: made.append(html))

    if paper.startswith("invoicing"):
        pdf.document(Invoice.objects.first())
    else:
        orders = WorkOrder.objects.for_overview().with_minutes().prefetch_related("lines", "damage_marks", "assignments__membership")
        printing.document(paper, orders, neighbour.company)

    [html] = made
    assert any(shown in html for shown in SHOWN)
    assert not any(raw in html for raw in RAW)
