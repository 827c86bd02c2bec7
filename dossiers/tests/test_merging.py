"""Two customers that are one: everything moves, nothing is lost twice, and the preview says so beforehand."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from customers.models import Branch, Contact, Customer, CustomerEvent
from dossiers import merging
from services.models import PriceAgreement
from tests.factories import CustomerFactory, MembershipFactory, ServiceFactory, VehicleFactory, WorkOrderFactory
from vehicles.models import VehicleHolder

from .test_customer import invoice


@pytest.fixture
def pair(owner):
    """`(source, target)` with something of every kind at the source."""
    source = CustomerFactory(name="De Vries", number="7001", phone="010-1", email="a@vries.example", note="Belt graag")
    target = CustomerFactory(name="Autobedrijf De Vries", number="7002", phone="", email="b@vries.example", note="Komt op maandag")
    order = WorkOrderFactory(customer=source)
    VehicleHolder.objects.get_or_create(vehicle=order.vehicle, customer=source)
    PriceAgreement.objects.create(customer=source, service=ServiceFactory(), value=Decimal(9))
    branch = Branch.objects.create(customer=source, name="Zuid")
    Contact.objects.create(customer=source, branch=branch, name="Sanne")
    CustomerEvent.objects.create(customer=source, kind="created")
    MembershipFactory(role="customer", customer=source, name="Sanne")
    invoice(source, owner.membership)
    return source, target


def url(customer):
    return reverse("customer-merge", args=[customer.pk])


def test_every_table_that_names_a_customer_moves(owner, pair):
    source, target = pair

    merging.merge(source, target, by=owner.membership)

    left = {
        relation.related_model.__name__: list(merging._rows(relation, source))
        for relation in merging.relations()
        if merging._rows(relation, source).exists()
    }
    assert list(left) == ["CustomerEvent"]
    assert [event.text for event in left["CustomerEvent"]] == ["Opgegaan in Autobedrijf De Vries"]
    assert target.work_orders.count() == target.invoices.count() == target.contacts.count() == target.memberships.count() == 1


def test_no_table_that_names_a_customer_is_forgotten():
    named = {(model, field.name) for model in apps.get_models() for field in model._meta.fields if field.related_model is Customer}

    assert {(relation.related_model, relation.field.name) for relation in merging.relations()} == named


def test_who_stays_gets_what_it_lacked_and_the_other_is_archived_under_its_number(owner, pair):
    source, target = pair

    merging.merge(source, target, by=owner.membership)

    source.refresh_from_db()
    target.refresh_from_db()
    assert (target.phone, target.email, target.note) == ("010-1", "b@vries.example", "Komt op maandag\n\nBelt graag")
    assert source.archived_at
    assert (source.merged_into, source.number) == (target, "7001")
    assertContains(owner.get(reverse("customer-file", args=[source.pk])), "Deze klant is opgegaan in Autobedrijf De Vries")
    assertContains(owner.get(reverse("customer-file", args=[target.pk])), "De Vries (klantnummer 7001) is hierin opgegaan")


def test_where_an_e_invoice_goes_to_is_not_lost(owner, pair):
    source, target = pair
    Customer.objects.filter(pk=source.pk).update(
        e_invoice="peppol", e_invoice_pdf=True, e_address="0106:12345678", oin_number="0" * 20, mail_ready=False
    )

    merging.merge(source, target, by=owner.membership)

    target.refresh_from_db()
    assert (target.e_invoice, target.e_invoice_pdf, target.e_address, target.oin_number, target.mail_ready) == (
        "peppol",
        True,
        "0106:12345678",
        "0" * 20,
        False,
    )


def test_what_both_have_is_there_once(owner, pair):
    source, target = pair
    vehicle = VehicleFactory()
    service = ServiceFactory()
    for customer, value, starts, ends in (
        (source, 10, date(2026, 1, 1), None),
        (target, 20, date(2026, 6, 1), date(2026, 12, 31)),
        (source, 30, date(2025, 1, 1), date(2025, 12, 31)),
    ):
        VehicleHolder.objects.get_or_create(vehicle=vehicle, customer=customer)
        PriceAgreement.objects.create(customer=customer, service=service, value=Decimal(value), starts_on=starts, ends_on=ends)
    Branch.objects.create(customer=target, name="zuid")

    doubles = {moved.label: moved.doubles for moved in merging.preview(source, target)}
    merging.merge(source, target, by=owner.membership)

    assert doubles["prijsafspraken"] == doubles["voertuigen"] == 1
    assert VehicleHolder.objects.filter(vehicle=vehicle).count() == 1
    assert sorted(PriceAgreement.objects.filter(customer=target, service=service).values_list("value", flat=True)) == [20, 30]
    assert sorted(target.branches.values_list("name", flat=True)) == ["Zuid (De Vries)", "zuid"]


def test_the_owner_chooses_looks_and_merges(owner, pair):
    source, target = pair

    preview = owner.get(url(target), {"met": source.pk})
    assertContains(preview, "De Vries gaat op in Autobedrijf De Vries")
    assertContains(preview, "Werkorders")
    assert Customer.objects.active().filter(pk=source.pk).exists()

    other_way = owner.get(url(target), {"met": source.pk, "blijft": source.pk})
    assertContains(other_way, "Autobedrijf De Vries gaat op in De Vries")

    response = owner.post(url(target), {"met": source.pk, "blijft": target.pk})
    assertRedirects(response, reverse("customer-file", args=[target.pk]))
    assert not Customer.objects.active().filter(pk=source.pk).exists()


@pytest.mark.parametrize("met", ["", "x", "999999", "9" * 40])
def test_nonsense_is_a_message_at_the_field(owner, pair, met):
    response = owner.post(url(pair[1]), {"met": met, "blijft": ""})

    assertContains(response, "klant", status_code=422)
    assert Customer.objects.active().count() == 2


def test_not_with_itself_nor_with_what_is_archived(owner, pair):
    source, target = pair

    assert owner.post(url(target), {"met": target.pk}).status_code == 422
    merging.merge(source, target, by=owner.membership)
    assert owner.post(url(target), {"met": source.pk}).status_code == 422
    for one, other in ((source, target), (target, target)):
        with pytest.raises(merging.NotMergeable):
            merging.merge(one, other, by=owner.membership)


def test_a_third_that_was_merged_before_points_at_who_stays(owner, pair):
    source, target = pair
    third = CustomerFactory()
    merging.merge(third, source, by=owner.membership)

    merging.merge(source, target, by=owner.membership)

    third.refresh_from_db()
    assert third.merged_into == target


def test_a_login_of_who_went_sees_the_orders_of_who_stays(owner, pair, client):
    source, target = pair
    mine = WorkOrderFactory(customer=target)
    login = source.memberships.get()
    merging.merge(source, target, by=owner.membership)

    client.force_login(login.user, backend="accounts.backends.AuthenticationBackend")

    assertContains(client.get(reverse("workorders:overview")), reverse("workorders:detail", args=[mine.pk]))
