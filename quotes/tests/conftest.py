import pytest

from tests.factories import CustomerFactory


@pytest.fixture
def garage(company):
    return CustomerFactory(name="Garage Bakker", email="bakker@garage.example")
