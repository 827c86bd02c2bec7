"""What an answer tells the browser about keeping it and about what it may do."""

from django.urls import reverse


def test_a_page_behind_the_login_is_kept_by_nobody(owner):
    for name in ("workorders:overview", "invoicing:overview", "customers:overview", "choose-company"):
        assert owner.get(reverse(name))["Cache-Control"] == "private, no-store", name


def test_what_may_be_kept_has_the_company_in_its_address(owner):
    company = owner.membership.company

    page = owner.get(reverse("workorders:overview")).content.decode()

    assert owner.get(reverse("company-style"))["Cache-Control"] == "private, max-age=86400"
    assert f"{reverse('company-style')}?{company.pk}-{company.colour[1:]}" in page


def test_a_page_may_use_the_camera_and_no_other_site_takes_in_what_we_send(client, db):
    response = client.get(reverse("home"))

    assert "camera=(self)" in response["Permissions-Policy"]
    assert "geolocation=()" in response["Permissions-Policy"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
