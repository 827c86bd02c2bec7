"""How heavy a page is on a telephone: the numbers of the design, in bytes as they go over the line (gzip)."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.urls import reverse

from tests.factories import WorkOrderLineFactory


def weight(data):
    return len(gzip.compress(data))


def test_the_first_page_weighs_at_most_150_kb_and_the_next_at_most_15(owner):
    for _ in range(25):
        WorkOrderLineFactory()

    page = owner.get(reverse("workorders:overview")).content

    names = set(re.findall(r'/static/([^"#?]+)', page.decode())) | {"vendor/inter/inter-latin-wght-normal.woff2"}
    files = [Path(finders.find(name)).read_bytes() for name in names]
    assert len(files) >= 8
    assert weight(page) <= 15_000
    assert weight(page) + sum(map(weight, files)) <= 150_000


def test_a_form_that_came_too_late_gets_a_dutch_page(db):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x", "password": "y"})

    assert response.status_code == 403
    assert "Deze pagina was verlopen" in response.content.decode()
