"""A company hands us so much in an hour and no more; it is told when it can go on, and nothing that was typed or taken is lost."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from accounts.models import Company
from accounts.tests.test_company import FIELDS
from cleanconnect import quotas
from cleanconnect.models import QuotaUse
from cleanconnect.tenancy import context
from exports.models import Export
from imports.models import Import
from imports.tests.given import csv_file
from invoicing.models import BankStatement
from invoicing.tests.test_bank import DATA
from quality.models import Defect, TabletAction
from quality.tests.test_replay import send
from tests.factories import CustomerFactory, WorkOrderFactory
from workorders.tests.test_handover import sign
from workorders.tests.test_intake_photos import picture

FULL = "heeft het afgelopen uur al 2"


@pytest.fixture(autouse=True)
def two_an_hour(settings):
    settings.PER_HOUR = dict.fromkeys(settings.PER_HOUR, 2)


@pytest.fixture
def order(company):
    return WorkOrderFactory()


def used_up(name):
    for _ in range(2):
        quotas.take(name)


def test_a_photo_too_many_is_told_at_its_field_and_what_was_typed_stays(employee, order):
    address = reverse("quality:add-damage", args=[order.pk])
    sent = {"place": "roof", "kind": "dent", "note": "Hagel"}
    for _ in range(2):
        assert employee.post(address, sent | {"photo": picture()}).status_code == 302

    response = employee.post(address, sent | {"note": "Nog een", "photo": picture()})

    assertContains(response, f"{FULL} foto’s bewaard", status_code=422)
    assert FULL in str(response.context["form"].errors["photo"])
    assertContains(response, 'value="Nog een"', status_code=422)
    assert order.photos.count() == 2


def test_without_a_photo_the_same_is_done(employee, order):
    used_up("photos")

    employee.post(reverse("quality:add-damage", args=[order.pk]), {"place": "roof", "kind": "dent", "note": "Hagel"})

    assert order.damage_marks.count() == 1


def test_of_several_photos_each_counts(employee, order):
    sent = {"photos": [picture("a.jpg"), picture("b.jpg"), picture("c.jpg")], "moment": "after"}

    response = employee.post(reverse("quality:add-photos", args=[order.pk]), sent)

    assert FULL in str(response.context["photos_form"].errors["photos"])
    assert not order.photos.exists()


def test_a_logo_and_a_signature_are_photos_too(owner, employee, company, order):
    used_up("photos")
    company.asks_signature = True
    company.save()
    order.status, order.completed_at, order.completed_by = "completed", timezone.now(), employee.membership
    order.save()

    logo = owner.post(reverse("company-edit"), FIELDS | {"logo": picture()})
    signed = sign(employee, order)

    assert FULL in str(logo.context["form"].errors["logo"])
    assert FULL in str(signed.context["form"].errors["signature"])
    company.refresh_from_db()
    assert not company.logo


def test_the_neighbours_are_not_kept_waiting(company):
    used_up("photos")
    other = Company.objects.found(name="Buurman")

    with context.company(other.pk):
        assert quotas.has_room("photos")
    with context.company(company.pk):
        assert not quotas.has_room("photos")


def test_after_an_hour_it_goes_on_and_the_old_uses_are_forgotten(company):
    used_up("photos")
    first = QuotaUse.objects.earliest("used_at")
    again = timezone.localtime(first.used_at + timedelta(minutes=61))

    with pytest.raises(quotas.QuotaFull, match=f"vanaf {again:%H:%M} kan er weer een bij"):
        quotas.take("photos")
    QuotaUse.objects.update(used_at=timezone.now() - timedelta(minutes=60))
    quotas.take("photos")

    assert QuotaUse.objects.count() == 1


def test_a_tablet_keeps_its_photo_and_sends_it_again(employee, order):
    used_up("photos")
    sent, address = {"description": "Deuk", "photo": picture()}, reverse("quality:defect-create", args=[order.pk])

    refused = send(employee, address, sent)
    assert (refused.status_code, Defect.objects.count(), TabletAction.objects.count()) == (429, 0, 0)
    QuotaUse.objects.all().delete()
    sent["photo"].seek(0)
    done = send(employee, address, sent)

    assert done.json()["outcome"] == "done"
    assert Defect.objects.get().photo


def test_a_bank_statement_too_many_is_told_at_its_field(owner):
    used_up("statements")

    with (DATA / "camt053.xml").open("rb") as file:
        response = owner.post(reverse("invoicing:bank"), {"file": file})

    assertContains(response, f"{FULL} bankafschriften ingelezen", status_code=422)
    assert not BankStatement.objects.exists()


def test_an_import_too_many_is_told_at_its_field_and_the_kind_stays(owner):
    used_up("imports")

    response = owner.post(reverse("imports:overview"), {"kind": "customers", "file": csv_file("naam\nJansen")})

    assertContains(response, f"{FULL} bestanden geïmporteerd", status_code=422)
    assert FULL in str(response.context["form"].errors["file"])
    assertContains(response, '<option value="customers" selected>', status_code=422)
    assert not Import.objects.exists()


def test_an_export_too_many_goes_back_to_the_list_with_the_reason(owner, customer):
    CustomerFactory()
    used_up("exports")
    address = reverse("workorders:overview") + "?status=planned"

    for browser in (owner, customer):
        response = browser.post(reverse("exports:create"), {"adres": address, "soort": "csv"}, follow=True)

        assert response.redirect_chain[-1][0] == address
        assertContains(response, f"{FULL} exports gemaakt")
    everything = owner.post(reverse("exports:everything"), follow=True)
    assertContains(everything, f"{FULL} exports gemaakt")
    assert not Export.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_wait_for_each_other():
    company = Company.objects.found(name="Glans")
    with context.company(company.pk):
        QuotaUse.objects.create(name="photos", used_at=timezone.now() - timedelta(hours=2))
    taken, may_end, raised = Event(), Event(), []

    def one():
        try:
            with context.company(company.pk):
                quotas.take("photos")
                taken.set()
                may_end.wait(60)
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    thread = Thread(target=one)
    thread.start()
    assert taken.wait(60)

    with context.company(company.pk), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '100ms'")
        quotas.take("photos")
    may_end.set()
    thread.join()

    assert raised == []
    with context.company(company.pk):
        assert QuotaUse.objects.count() == 2
