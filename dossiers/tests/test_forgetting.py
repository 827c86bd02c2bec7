"""A private customer is forgotten: the name is nowhere any more but on the invoices that the law keeps seven years."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from accounts.models import User
from cleanconnect import jobs
from cleanconnect.jobs import Job
from customers.models import Contact, CustomerEvent
from dossiers import forgetting
from invoicing import keeping, tasks
from invoicing.models import Invoice
from invoicing.tests.given import finished_order
from notifications.models import Message
from quality.models import Approval, Defect
from tests.factories import CustomerFactory, CustomerTypeFactory, MembershipFactory, VehicleFactory, WorkOrderFactory, WorkOrderLineFactory
from tests.isolation.gaps import company_models
from vehicles.models import Vehicle, VehicleHolder
from workorders.models import DamageMark, Handover, OrderChange, OrderDraft, OrderPhoto, StatusChange, WorkOrder

from .test_customer import invoice

NAME = "Wilhelmina Vergeetmij"


@pytest.fixture
def person(owner):
    """A private customer, known in every room and settled."""
    customer = CustomerFactory(
        name=NAME,
        type=CustomerTypeFactory(name="Particulier", is_private=True),
        contact_name=NAME,
        email="mina@vergeetmij.example",
        phone="06-99887766",
        street="Vergeetmijstraat",
        house_number="1",
        note=f"{NAME} belt graag",
    )
    Contact.objects.create(customer=customer, name=NAME, email="zoon@vergeetmij.example")
    CustomerEvent.objects.create(customer=customer, kind="changed", text=f"Naam: – → {NAME}")
    MembershipFactory(role="customer", customer=customer, name=NAME, user__email="login@vergeetmij.example", user__username="vergeetmij")
    order = finished_order(customer, by=owner.membership)
    WorkOrder.objects.update(is_history=True, note=f"Sleutel bij {NAME}", remark=f"Dag {NAME}", po_number="V")
    VehicleHolder.objects.get_or_create(vehicle=order.vehicle, customer=customer)
    VehicleHolder.objects.create(vehicle=VehicleFactory(plate="99ZZZ9", plate_shown="99-ZZZ-9"), customer=customer)
    defect = Defect(order=order, description="Kras", found_by=owner.membership)
    defect.photo.save("foto.webp", ContentFile(b"foto"))
    _known_on_the_order(order, defect, owner.membership)
    for address in ("mina@vergeetmij.example", "LOGIN@vergeetmij.example"):
        Message.objects.create(event="invoice", event_key=address, to_name=NAME, to_email=address, subject="x", text=f"Beste {NAME}")
    today = timezone.localdate()
    invoice(customer, owner.membership, paid_on=today, paid_total="121.00")
    old = invoice(customer, owner.membership, paid_on=today, paid_total="121.00", issued_on=date(today.year - 8, 12, 31))
    old.pdf.save("factuur.pdf", ContentFile(b"%PDF"))
    return customer


def _known_on_the_order(order, defect, member):
    """What planning, approvals and the handover write down of a person."""
    OrderChange.objects.create(order=order, version=2, text=f"Klant: – → {NAME}")
    StatusChange.objects.create(order=order, after="in_progress", reason=f"Polijsten: akkoord ({NAME})")
    line = WorkOrderLineFactory(order=order, price_reason=f"akkoord van {NAME}", discount_reason=f"omdat het {NAME} is")
    DamageMark.objects.create(order=order, place="roof", kind="dent", note=f"van {NAME}")
    for rows, field in ((OrderPhoto(order=order), "photo"), (Handover(order=order, name=NAME), "signature")):
        getattr(rows, field).save("foto.webp", ContentFile(b"foto"))
    Approval.objects.create(
        order=order,
        defect=defect,
        service=line.service,
        name="Polijsten",
        unit_price=1,
        vat_rate="21",
        state="approved",
        decided_name=NAME,
        decided_ip="203.0.113.7",
        expires_at=timezone.now(),
    )
    OrderDraft.objects.create(key=uuid4(), membership=member, typed={"customer": [str(order.customer_id)], "note": [NAME]})


def where(text):
    """The tables, and rows in them, where this text still stands."""
    found = {}
    with connection.cursor() as cursor:
        for model in [*company_models(), User]:
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}" AS row WHERE row::text ILIKE %s', [f"%{text}%"])
            if count := cursor.fetchone()[0]:
                found[model.__name__] = count
    return found


def test_the_name_is_nowhere_but_on_the_invoice_that_is_kept(owner, person, django_capture_on_commit_callbacks):
    photo, pdf = Defect.objects.get().photo.name, Invoice.objects.exclude(pdf="").get().pdf.name
    assert len(where("vergeetmij")) > 6

    with django_capture_on_commit_callbacks(execute=True):
        forgetting.anonymise(person, by=owner.membership)

    assert where("vergeetmij") == {"Invoice": 1}
    assert where("06-99887766") == where("99ZZZ9") == where("203.0.113.7") == {}
    assert not OrderPhoto.objects.exists()
    assert not Handover.objects.exists()
    assert not default_storage.exists(photo)
    assert not default_storage.exists(pdf)
    assert Invoice.objects.count() == 2
    assert WorkOrder.objects.get().customer == person
    assert not Vehicle.objects.filter(plate="99ZZZ9").exists()


def test_a_login_that_history_names_is_emptied_too(owner, person):
    exports = apps.get_model("exports", "Export").objects
    exports.create(name="Werkorders", format="csv", customer=person, created_by=person.memberships.get())

    forgetting.anonymise(person, by=owner.membership)

    assert where("vergeetmij") == {"Invoice": 1}


def test_the_pdf_that_went_is_not_made_again(owner, person, monkeypatch):
    Invoice.objects.filter(pdf="").update(pdf="1/facturen/er.pdf")
    forgetting.anonymise(person, by=owner.membership)
    made = []
    monkeypatch.setattr(tasks.make_pdf, "delay", lambda *args: made.append(args))

    jobs.sweep()

    assert made == []
    old = Invoice.objects.exclude(forgotten_at=None).get()
    assert owner.get(reverse("invoicing:pdf", args=[old.pk])).status_code == 404
    assert owner.get(reverse("invoicing:detail", args=[old.pk])).status_code == 200


def test_when_the_years_are_over_the_kept_invoice_follows(owner, person, monkeypatch):
    invoice(
        person, owner.membership, paid_on=timezone.localdate(), paid_total="121.00", issued_on=date(timezone.localdate().year - 8, 6, 1)
    )
    with monkeypatch.context() as earlier:
        earlier.setattr(keeping, "oldest_kept", lambda: date(timezone.localdate().year - 9, 1, 1))
        forgetting.anonymise(person, by=owner.membership)
    assert where("vergeetmij") == {"Invoice": 3}
    job = Job.objects.of(tasks.forget, person).get()
    is_new_year = timezone.localtime(job.due_at + timedelta(hours=1))  # no summer time in it
    assert (is_new_year.year, is_new_year.month, is_new_year.day) == (timezone.localdate().year + 1, 1, 1)

    Job.objects.update(due_at=Now())
    tasks.forget(person.company_id, person.pk)

    assert where("vergeetmij") == {"Invoice": 1}  # the one of this year
    assert Job.objects.of(tasks.forget, person).exists()


def test_who_has_no_invoices_left_to_forget_is_left_alone(owner, person):
    forgetting.anonymise(person, by=owner.membership)
    Job.objects.update(due_at=Now())
    Invoice.objects.filter(customer=person, forgotten_at=None).update(customer=CustomerFactory())

    tasks.forget(person.company_id, person.pk)

    assert not Job.objects.of(tasks.forget, person).exists()


def test_the_preview_says_what_goes_and_what_stays(owner, person):
    response = owner.get(reverse("customer-anonymise", args=[person.pk]))

    year = timezone.localdate().year + 7
    for text in (
        "1 contactpersoon",
        "1 login",
        "2 verstuurde berichten",
        "1 foto van een mankement",
        "De band met 2 voertuigen",
        "1 factuur ouder dan zeven jaar",
        f"1 factuur met naam en adres, tot en met 31 december {year}",
    ):
        assertContains(response, text)


def test_it_asks_for_a_tick_and_then_does_it(owner, person):
    address = reverse("customer-anonymise", args=[person.pk])

    assertContains(owner.post(address), "Vink dit aan om door te gaan.", status_code=422)
    person.refresh_from_db()
    assert person.name == NAME

    assert owner.post(address, {"zeker": "ja"}).url == reverse("customers:overview")
    person.refresh_from_db()
    assert person.name == f"Geanonimiseerd {person.number}".strip()
    assertContains(owner.get(reverse("customer-file", args=[person.pk])), "Geanonimiseerd")


@pytest.mark.parametrize(
    ("hinder", "said"),
    [
        (lambda customer, by: WorkOrderFactory(customer=customer), "Er staan nog werkorders open"),
        (lambda customer, by: invoice(customer, by), "Er staan nog facturen open"),
        (lambda customer, by: CustomerTypeFactory._meta.model.objects.update(is_private=False), "Alleen een particuliere klant"),
        (lambda customer, by: customer._meta.model.objects.update(anonymised_at=timezone.now()), "is al geanonimiseerd"),
    ],
)
def test_what_is_not_settled_is_in_the_way(owner, person, hinder, said):
    hinder(person, owner.membership)

    response = owner.post(reverse("customer-anonymise", args=[person.pk]), {"zeker": "ja"})

    assertContains(response, said, status_code=422)
    person.refresh_from_db()
    assert person.name == NAME


def test_the_day_from_which_invoices_are_kept(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: date(2026, 1, 1))

    from invoicing.keeping import oldest_kept

    assert oldest_kept() == date(2019, 1, 1)
    assert date(2018, 12, 31) + timedelta(days=1) == oldest_kept()
