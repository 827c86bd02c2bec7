"""What the screen says that was done, was done; and what it says is missing, is missing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from cleanconnect.permissions import may
from customers.models import Contact
from invoicing.collecting import issue_invoice
from invoicing.models import BankLine
from invoicing.tests.given import buyer, complete, finished_order
from services.models import PriceAgreement
from tests.factories import MembershipFactory, PriceAgreementFactory, ServiceFactory, WorkOrderFactory
from workorders.models import WorkOrder
from workorders.status import BECOMES, IS, MOVES, NotAllowed, move

BY_HAND = "is gemaakt. De klant heeft geen e-mailadres; geef of stuur de PDF zelf."


@pytest.fixture
def seller(company):
    return complete(company)


@pytest.mark.parametrize(
    ("email", "contact", "said"),
    [("bakker@garage.example", "", "is gemaakt en wordt verstuurd."), ("", "", BY_HAND), ("", "a@garage.example", "en wordt verstuurd.")],
)
def test_an_invoice_is_said_to_be_mailed_when_it_is(owner, seller, email, contact, said):
    customer = buyer(email=email)
    if contact:
        Contact.objects.create(customer=customer, name="Administratie", email=contact, for_invoices=True)
    order = finished_order(customer, "25.00", by=owner.membership)

    page = owner.post(reverse("invoicing:from-order", args=[order.pk]), follow=True)

    assertContains(page, said)


def test_so_is_a_credit_note(owner, seller):
    customer = buyer(email="")
    invoice = issue_invoice(customer, [finished_order(customer, "25.00", by=owner.membership)], by=owner.membership)
    lines = list(invoice.lines.values_list("pk", flat=True))

    page = owner.post(reverse("invoicing:credit", args=[invoice.pk]), {"lines": lines, "reason": "Dubbel"}, follow=True)

    assertContains(page, BY_HAND)


@pytest.mark.parametrize(
    ("iban", "creditor_id", "said", "not_said"),
    [
        ("", "", "Vul eerst uw IBAN en incassant-ID in", None),
        ("NL91ABNA0417164300", "", "Vul eerst uw incassant-ID in", "uw IBAN"),
        ("", "NL98ZZZ123456780000", "Vul eerst uw IBAN in", "incassant-ID in"),
        ("NL91ABNA0417164300", "NL98ZZZ123456780000", "Incasso", "Vul eerst"),
    ],
)
def test_what_is_missing_to_collect_is_named_and_nothing_else(owner, company, iban, creditor_id, said, not_said):
    company.iban, company.creditor_id = iban, creditor_id
    company.save()

    page = owner.get(reverse("invoicing:debits"))

    assertContains(page, said)
    if not_said:
        assertNotContains(page, not_said)


def test_every_status_has_its_words():
    assert set(IS) == set(BECOMES) == set(WorkOrder.Status)


@pytest.mark.parametrize(
    ("status", "to", "said"),
    [
        ("waiting", "completed", "wacht op akkoord en kan niet gereed worden gemeld."),
        ("cancelled", "delivered", "is geannuleerd en kan niet worden afgeleverd."),
        ("planned", "rejected", "is ingepland en kan niet worden afgekeurd."),
        ("delivered", "in_progress", "is afgeleverd en kan alleen door een eigenaar in behandeling worden genomen."),
    ],
)
def test_why_an_order_cannot_go_there_is_a_sentence(employee, status, to, said):
    by = employee.membership
    done = {"completed_by": by, "completed_at": timezone.now()} if status in WorkOrder.FINISHED else {}
    order = WorkOrderFactory(status=status, created_by=by, **done)

    with pytest.raises(NotAllowed) as error:
        move(order, to, by=by, reason="x")

    assert str(error.value) == f"{order} {said}"


def test_a_move_that_another_may_make_is_not_said_to_be_impossible(employee):
    for status, targets in MOVES.items():
        for to, permission in targets.items():
            if not may(employee.membership, permission):
                done = {"completed_by": employee.membership, "completed_at": timezone.now()} if status in WorkOrder.FINISHED else {}
                order = WorkOrderFactory(status=status, **done)
                with pytest.raises(NotAllowed, match="alleen door een eigenaar"):
                    move(order, to, by=employee.membership, reason="x")


def test_an_order_that_was_thrown_away_is_said_to_be(owner):
    order = WorkOrderFactory(archived_at=timezone.now())

    assert owner.post(reverse("workorders:set-status", args=[order.pk, "in_progress"])).status_code == 404


def test_nothing_that_is_certain_is_nothing_booked(owner):
    page = owner.post(reverse("invoicing:bank-book-certain"), follow=True)

    assertContains(page, "Er is niets geboekt")


def test_a_line_of_the_bank_that_a_colleague_booked_is_not_said_to_be_booked_now(owner, seller, monkeypatch):
    customer = buyer()
    invoice = issue_invoice(customer, [finished_order(customer, "25.00", by=owner.membership)], by=owner.membership)
    line = BankLine.objects.create(
        booked_on=timezone.localdate(), amount=invoice.gross_total, fingerprint="x", imported_by=owner.membership
    )
    monkeypatch.setattr("invoicing.payment_views.bank.book", lambda *args, **kwargs: False)

    page = owner.post(reverse("invoicing:bank-choose", args=[line.pk]), {"number": invoice.number}, follow=True)

    assertContains(page, "intussen al geboekt")
    assertNotContains(page, "Geboekt op")


def test_no_reminder_is_not_zero_reminders(owner):
    assertContains(owner.post(reverse("invoicing:reminders"), {"send": ["1-first"]}, follow=True), "Er is geen herinnering verstuurd")


@pytest.mark.parametrize(("days", "said"), [(-10, "De afspraak is beëindigd"), (10, "die heeft nooit gegolden")])
def test_an_agreement_that_ends_is_told_from_one_that_never_held(owner, days, said):
    agreement = PriceAgreementFactory(starts_on=timezone.localdate() + timedelta(days=days))

    page = owner.post(reverse("services:agreement-end", args=[agreement.customer_id, agreement.pk]), follow=True)

    assertContains(page, said)
    assert PriceAgreement.objects.exists() == (days < 0)


def test_prices_that_stayed_the_same_are_not_said_to_be_saved(owner):
    agreement = PriceAgreementFactory()
    service = ServiceFactory(group=agreement.service.group)
    address = f"{reverse('services:price-agreements', args=[agreement.customer_id])}?soort={service.group.vehicle_type_id}"
    own = f"prijs_{agreement.service_id}"

    page = owner.post(address, {own: str(agreement.value).replace(".", ",")}, follow=True)

    assertContains(page, "Er is niets veranderd")
    assertContains(owner.post(address, {own: "12,50"}, follow=True), "zijn opgeslagen")


def test_a_test_key_of_mollie_does_not_let_customers_pay(owner, monkeypatch):
    monkeypatch.setattr("invoicing.online.mollie.is_key", lambda key: True)

    page = owner.post(reverse("invoicing:online"), {"key": "test_" + "a" * 30}, follow=True)

    assertContains(page, "niemand betaalt echt")
    assertNotContains(page, "Uw klanten kunnen nu online betalen")


def test_an_invitation_is_said_to_be_mailed_when_there_is_an_address(owner):
    nameless = MembershipFactory(role="employee", user__email="")

    page = owner.post(reverse("accounts:resend-login", args=[nameless.pk]), follow=True)

    assertContains(page, "heeft geen e-mailadres")


@pytest.mark.parametrize(("planned_on", "said"), [("2027-03-01", "is gepland."), ("", "heeft geen datum en moet nog worden gepland")])
def test_an_order_without_a_date_is_not_said_to_be_planned(owner, planned_on, said):
    order = WorkOrderFactory(planned_on="2027-02-01")

    page = owner.post(reverse("workorders:plan", args=[order.pk]), {"planned_on": planned_on, "version": order.version}, follow=True)

    assertContains(page, said)


def test_a_mail_that_waits_in_the_outbox_is_not_said_to_have_gone(owner):
    member = MembershipFactory(role="employee", user__email="wim@glans.example")

    page = owner.post(reverse("accounts:resend-login", args=[member.pk]), follow=True)

    assertContains(page, "worden opnieuw verstuurd aan wim@glans.example")
