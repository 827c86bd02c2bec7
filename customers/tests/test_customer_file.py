"""What is kept of a customer: its number, what was agreed, its contacts and branches, and what was changed by whom."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from customers.contacts import recipient
from customers.duplicates import core_of, lookalikes
from customers.models import Branch, Contact, Customer, CustomerEvent
from tests.factories import CustomerFactory, CustomerTypeFactory, WorkOrderFactory


def create(owner, **fields):
    kind = CustomerTypeFactory()
    return owner.post(reverse("customers:create"), {"type": kind.pk, "name": "Autobedrijf De Vries"} | fields)


def edit(owner, customer, **fields):
    typed = {"type": customer.type_id, "name": customer.name, "number": customer.number} | fields
    return owner.post(reverse("customers:edit", args=[customer.pk]), typed)


def test_a_new_customer_gets_the_next_free_number(owner):
    CustomerFactory(number="2")

    create(owner, name="Een")
    create(owner, name="Twee")

    assert list(Customer.objects.filter(name__in=["Een", "Twee"]).order_by("pk").values_list("number", flat=True)) == ["1", "3"]


def test_a_number_of_ones_own_is_kept_and_may_be_given_once(owner):
    create(owner, name="Een", number="K-100")

    response = create(owner, name="Twee", number="K-100")

    assertContains(response, "Er is al een klant met dit klantnummer.", status_code=422)
    assert Customer.objects.get().number == "K-100"


def test_all_that_is_agreed_is_kept(owner):
    create(
        owner,
        iban="nl91 abna 0417 1643 00",
        payment_term_days="30",
        invoicing_profile="month",
        invoice_per="branch",
        invoice_line_per_vehicle="on",
        po_required="on",
        cost_centre_required="on",
        work_through_limit="150,50",
        language="de",
    )

    customer = Customer.objects.get()
    assert (customer.iban, customer.payment_term_days, customer.invoicing_profile, customer.language) == (
        "NL91ABNA0417164300", 30, "month", "de",
    )  # fmt: skip
    assert (customer.po_required, customer.cost_centre_required, customer.invoice_line_per_vehicle) == (True, True, True)
    assert customer.invoice_per == "branch"
    assert str(customer.work_through_limit) == "150.50"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("iban", "NL00ABNA0417164300"),
        ("kvk_number", "123"),
        ("vat_number", "NL123456789B01"),
        ("vat_number", "XX123"),
        ("payment_term_days", "121"),
        ("payment_term_days", "-1"),
        ("work_through_limit", "-1"),
        ("invoicing_profile", "soms"),
        ("country", "XX"),
        ("postcode", "fout"),
        ("number", "x" * 21),
    ],
)
def test_a_mistake_is_told_and_nothing_saved(owner, field, value):
    assert create(owner, **{field: value}).status_code == 422
    assert not Customer.objects.exists()


def test_a_foreign_address_and_vat_number_are_taken_as_they_are(owner):
    create(owner, country="BE", postcode="2000", street="Meir", house_number="1", city="Antwerpen", vat_number="be 0403.170.701")

    customer = Customer.objects.get()
    assert (customer.postcode, customer.street_and_number, customer.vat_number) == ("2000", "Meir 1", "BE0403170701")


@pytest.mark.parametrize(
    ("field", "value"), [("name", "autobedrijf de vries b.v."), ("email", "INFO@devries.example"), ("kvk_number", "12345678")]
)
def test_a_lookalike_is_warned_about_and_can_be_saved_anyway(owner, field, value):
    CustomerFactory(name="Autobedrijf De Vries", email="info@devries.example", kvk_number="12345678")
    fields = {"name": "Heel anders", field: value}

    warned = create(owner, **fields)
    assertContains(warned, "lijkt er al te zijn", status_code=422)
    assert Customer.objects.count() == 1

    create(owner, **fields | {"same_anyway": "on"})
    assert Customer.objects.count() == 2


@pytest.mark.parametrize("name", ["Garage de Vries B.V.", "garage De Vries bv", "GARAGE-DE-VRIES", "Garage de Vries"])
def test_names_are_compared_without_case_signs_and_legal_form(name):
    assert core_of(name) == "garagedevries"


def test_a_neighbours_customer_is_no_lookalike(company, neighbour):
    assert lookalikes(name="Klant van Buurman") == []


def test_history_names_what_was_changed_by_whom(owner):
    customer = CustomerFactory(name="Jansen", number="7", city="Gouda")

    edit(owner, customer, name="Jansen & Zn", city="Delft")

    event = CustomerEvent.objects.get()
    assert (event.kind, event.by) == ("changed", owner.membership)
    assert "Naam: Jansen → Jansen & Zn" in event.text
    assert "Plaats: Gouda → Delft" in event.text


def test_saving_without_a_change_writes_no_history(owner):
    customer = CustomerFactory(number="7")

    edit(owner, customer)

    assert not CustomerEvent.objects.exists()


def test_a_contact_is_added_changed_and_removed(owner):
    customer = CustomerFactory()

    owner.post(reverse("customers:contact-create", args=[customer.pk]), {"name": "Anja", "email": "anja@x.example", "for_invoices": "on"})
    contact = Contact.objects.get()
    assertContains(owner.get(reverse("customers:edit", args=[customer.pk])), "Anja")
    owner.post(reverse("customers:contact-edit", args=[contact.pk]), {"name": "Anja B.", "for_planning": "on"})
    contact.refresh_from_db()
    assert (contact.name, contact.for_planning, contact.for_invoices) == ("Anja B.", True, False)
    owner.post(reverse("customers:contact-delete", args=[contact.pk]))

    assert not Contact.objects.exists()


def test_a_branch_in_use_is_archived_and_one_that_is_not_deleted(owner):
    customer = CustomerFactory()
    for name in ("Noord", "Zuid"):
        owner.post(reverse("customers:branch-create", args=[customer.pk]), {"name": name, "country": "NL", "postcode": "1234ab"})
    used = Branch.objects.get(name="Noord")
    WorkOrderFactory(customer=customer, branch=used)

    for branch in Branch.objects.all():
        owner.post(reverse("customers:branch-delete", args=[branch.pk]))

    assert list(Branch.objects.values_list("name", "postcode")) == [("Noord", "1234 AB")]
    assert Branch.objects.get().archived_at is not None


def test_a_branch_has_its_name_once(owner):
    customer = CustomerFactory()
    Branch.objects.create(customer=customer, name="Noord")

    response = owner.post(reverse("customers:branch-create", args=[customer.pk]), {"name": "noord", "country": "NL"})

    assertContains(response, "Deze klant heeft al een vestiging met deze naam.", status_code=422)


def test_a_contacts_branch_is_one_of_the_customer(owner):
    customer, branch = CustomerFactory(), Branch.objects.create(customer=CustomerFactory(), name="Elders")
    Branch.objects.create(customer=customer, name="Noord")

    response = owner.post(reverse("customers:contact-create", args=[customer.pk]), {"name": "Anja", "branch": branch.pk})

    assert response.status_code == 422


def test_who_is_written_to(company):
    customer = CustomerFactory(email="info@x.example", contact_name="Piet")
    noord = Branch.objects.create(customer=customer, name="Noord")
    assert recipient(customer, "invoices").email == "info@x.example"

    Contact.objects.create(customer=customer, name="Boekhouding", email="boek@x.example", for_invoices=True)
    Contact.objects.create(customer=customer, branch=noord, name="Noord", email="noord@x.example", for_approval=True)

    assert recipient(customer, "invoices").email == "boek@x.example"
    assert recipient(customer, "approval", noord).email == "noord@x.example"
    assert recipient(customer, "planning").email == "info@x.example"
    assert recipient(CustomerFactory(), "planning") is None


@pytest.mark.parametrize("role", ["employee", "customer"])
def test_only_the_owner_may(request, role, company):
    client, customer = request.getfixturevalue(role), CustomerFactory()

    assert client.post(reverse("customers:contact-create", args=[customer.pk]), {"name": "Anja"}).status_code == 403
    assert client.post(reverse("customers:branch-create", args=[customer.pk]), {"name": "Noord"}).status_code == 403


def test_the_neighbours_contacts_and_branches_are_not_there(owner, neighbour):
    contact, branch, theirs = (neighbour.row(name).pk for name in ("Contact", "Branch", "Customer"))

    assert owner.get(reverse("customers:contact-edit", args=[contact])).status_code == 404
    assert owner.post(reverse("customers:branch-delete", args=[branch])).status_code == 404
    assert owner.post(reverse("customers:contact-create", args=[theirs]), {"name": "Anja"}).status_code == 404
    assertNotContains(owner.get(reverse("customers:overview")), "Buurman")
