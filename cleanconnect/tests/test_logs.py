"""The log says what went wrong, and not whose name it was about."""

import logging

import pytest
from django.db import IntegrityError, transaction

from cleanconnect.logs import WithoutValues
from tests.factories import UserFactory


@pytest.mark.django_db
def test_an_error_of_the_database_is_logged_without_the_values_in_it(settings):
    name = UserFactory().username
    with pytest.raises(IntegrityError, match=name) as raised, transaction.atomic():
        UserFactory(username=name)
    record = logging.LogRecord(
        "django.request", logging.ERROR, "x", 1, "Broken: %s", (raised.value,), (raised.type, raised.value, raised.tb)
    )

    line = WithoutValues(settings.LOGGING["formatters"]["line"]["format"]).format(record)

    assert "duplicate key value violates unique constraint" in line
    assert name not in line
