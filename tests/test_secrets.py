"""What opens something leaves the house in no form: marked on the field, and so in no export."""

import re

from accounts.models import User
from cleanconnect.rooms import models
from cleanconnect.secret import open_fields
from exports.everything import OF_A_USER, tables

OPENS = re.compile(r"pin|key|hash|token|secret|password|sealed|code|salt|otp")
OPEN = {  # looked at one by one: names with such a word of which the value opens nothing
    *("postcode", "pin_is_own", "pin_failures", "must_change_password", "code_expires_at", "key_number", "event_key", "shown_key"),
    *("ledger_code", "vat_code", "code_high", "code_low", "code_zero", "code_exempt", "code_reversed", "mapping"),
    "public_key",  # of a tablet: it seals, and the half that opens never leaves the tablet
    *("key", "key_digest"),  # of a form that was sent (UUID): it finds what was made, for who may see that
}


def test_every_field_that_opens_something_is_marked():
    unmarked = {
        f"{model._meta.label}.{field.name}"
        for model in models()
        for field in open_fields(model)
        if OPENS.search(field.name) and not re.search("_id$", field.attname) and field.name not in OPEN
    }

    assert unmarked == {f"{User._meta.label}.password"}  # Django's own; no export takes a user as it is


def test_what_is_marked_is_in_no_table_of_the_export():
    secrets = {field.name for model in models() for field in set(model._meta.concrete_fields) - set(open_fields(model))}

    assert {"pin", "offline_key", "key_hash", "code_hash", "sealed_key"} <= secrets
    assert User not in tables()
    assert not secrets & set(OF_A_USER)
    assert "password" not in OF_A_USER
