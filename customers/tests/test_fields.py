"""What is kept of a customer is one list: no place that goes by it can miss a field of the model."""

from django.db import models

from customers.fields import ADDED, ALONG, FIELDS, FILLS
from customers.forms import CustomerForm
from customers.models import Addressed, Customer
from customers.sheets import CUSTOMERS

OURS = {"company", "id", "archived_at", "created_at", "merged_into", "anonymised_at"}


def test_every_field_of_the_model_has_its_line():
    of_model = {field.name for field in Customer._meta.concrete_fields} - OURS

    assert sorted(field.name for field in FIELDS) == sorted(of_model)


def test_the_form_and_the_file_have_them_all():
    names = {field.name for field in FIELDS}

    assert set(CustomerForm.Meta.fields) == names
    assert [column.label for column in CUSTOMERS.columns[:-1]] == [field.label for field in FIELDS]


def test_whatever_a_person_can_type_freely_goes_when_the_customer_is_forgotten():
    typed = {
        field.name
        for field in Customer._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices and field.name != "number"
    }

    assert {field.name for field in FIELDS if field.is_personal} == typed


def test_what_may_be_empty_is_filled_when_two_become_one():
    empty = {field.name for field in Customer._meta.concrete_fields if field.blank and field.name not in OURS | {"number"}}
    whole = {field.name for field in Addressed._meta.fields}
    merged = {field.name for field in FIELDS if field.merging in {FILLS, ADDED}}

    assert merged - {"e_invoice"} == {name for name in empty - whole if not isinstance(Customer._meta.get_field(name).default, bool)}
    assert {field.along_with for field in FIELDS if field.merging == ALONG} <= merged
