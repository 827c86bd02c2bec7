import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.entrance import readable_on
from accounts.models import Company

FIELDS = {"name": "Glans Autopoets", "payment_term_days": "14", "colour": "#0f5c7a"}


def picture(size=(900, 300), format="PNG"):
    made = io.BytesIO()
    Image.new("RGB", size, "#0f5c7a").save(made, format)
    return SimpleUploadedFile(f"logo.{format.lower()}", made.getvalue())


def save(client, **fields):
    return client.post(reverse("company-edit"), FIELDS | fields)


def test_the_owner_changes_the_company(owner, company):
    response = save(
        owner,
        iban="nl91 abna 0417 1643 00",
        vat_number="NL000099998B57",
        kvk_number="12345678",
        postcode="1234 ab",
        colour="#ff8800",
        employees_see_prices="on",
    )

    company.refresh_from_db()
    assert response.status_code == 302
    assert (company.iban, company.postcode) == ("NL91ABNA0417164300", "1234 AB")
    assert company.employees_see_prices


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("email", "geen adres"),
        ("postcode", "12 AB"),
        ("kvk_number", "123"),
        ("vat_number", "NL123"),
        ("iban", "NL00ABNA0417164300"),
        ("payment_term_days", "-1"),
        ("payment_term_days", "veel"),
        ("payment_term_days", "99999999999"),
        ("colour", "rood"),
        ("colour", "#fff; } body {"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_what_was_typed_stays(owner, field, value):
    response = save(owner, city="Ons Dorp 🏡", **{field: value})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert response.context["form"]["city"].value() == "Ons Dorp 🏡"


def test_a_logo_is_made_anew_and_shown_to_this_company_only(owner, client, company):
    save(owner, logo=picture())

    shown = owner.get(reverse("company-logo"))

    company.refresh_from_db()
    assert company.logo.name.startswith(f"{company.pk}/logo/")
    assert Image.open(io.BytesIO(b"".join(shown.streaming_content))).size == (600, 200)
    assert client.get(reverse("company-logo")).status_code == 302


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"GIF89a" + b"x" * 50, b"\x89PNG\r\n\x1a\n" + b"x" * 100])
def test_a_file_that_is_no_picture_is_refused(owner, company, content):
    response = save(owner, logo=SimpleUploadedFile("logo.png", content))

    assert response.status_code == 422
    assert "logo" in response.context["form"].errors
    company.refresh_from_db()
    assert not company.logo


def test_the_style_sheet_carries_the_companys_colour(owner):
    save(owner, colour="#ffee00")

    style = owner.get(reverse("company-style"))

    assert style["Content-Type"].startswith("text/css")
    assert "--brand: #ffee00; --brand-text: #000" in style.content.decode()


@pytest.mark.parametrize(("colour", "text"), [("#000000", "#fff"), ("#ffffff", "#000"), ("#0f5c7a", "#fff"), ("#ff8800", "#000")])
def test_text_on_the_colour_can_be_read(colour, text):
    assert readable_on(colour) == text


def test_one_companys_change_leaves_the_other_alone(owner, neighbour):
    save(owner, name="Nieuwe naam")

    from cleanconnect.tenancy import context

    with context.company(neighbour.company.pk):
        assert Company.objects.get().name == "Buurman Poets"
