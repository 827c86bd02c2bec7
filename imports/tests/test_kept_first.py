"""An upload is kept at once and read by a worker; the page of it goes on by itself."""

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.urls import reverse
from pytest_django.asserts import assertContains

from cleanconnect.jobs import Job
from imports import reading, running, tasks
from imports.models import Import
from imports.tests.given import csv_file, workbook

GOOD = "Klantnummer;Naam\n1;Anna\n"


@pytest.fixture
def uploaded(owner):
    owner.post(reverse("imports:overview"), {"kind": "customers", "file": workbook(["Naam"], ["Anna"])})
    return Import.objects.get()


def read(found):
    Job.objects.filter(task="imports.tasks.read").update(due_at="2026-01-01T00:00Z")
    tasks.read(found.company_id, found.pk)
    found.refresh_from_db()
    return found


def test_the_request_reads_no_more_of_a_file_than_its_beginning(owner, monkeypatch):
    def refuse(*args):
        raise AssertionError("read in the request")

    monkeypatch.setattr(reading, "rows_of", refuse)
    monkeypatch.setattr(running, "rows_of", refuse)

    response = owner.post(reverse("imports:overview"), {"kind": "customers", "file": workbook(["Naam"], ["Anna"])})

    found = Import.objects.get()
    assert (found.state, found.headers, response.url) == ("reading", [], reverse("imports:detail", args=[found.pk]))


def test_the_page_waits_and_goes_to_the_columns_by_itself(owner, uploaded):
    page = reverse("imports:detail", args=[uploaded.pk])
    waiting = owner.get(page)
    bar = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "bar"}

    assertContains(waiting, "Wordt gelezen")
    assertContains(waiting, f'hx-get="{page}"')
    assertContains(waiting, '<noscript><meta http-equiv="refresh"')
    assert "HX-Redirect" not in owner.get(page, **bar)
    assert owner.get(reverse("imports:columns", args=[uploaded.pk])).url == page

    read(uploaded)

    assert owner.get(page, **bar)["HX-Redirect"] == page
    assert owner.get(page).url == reverse("imports:columns", args=[uploaded.pk])


@pytest.mark.parametrize("error", [MemoryError, SoftTimeLimitExceeded])
def test_a_file_that_takes_too_much_is_given_up_with_the_reason(owner, uploaded, monkeypatch, error):
    def too_much(*args, **kwargs):
        raise error

    monkeypatch.setattr(reading.openpyxl, "load_workbook", too_much)

    found = read(uploaded)

    assert found.state == "failed"
    assertContains(owner.get(reverse("imports:detail", args=[found.pk])), "duurt te lang of kost te veel geheugen")
    assert not Job.objects.filter(task="imports.tasks.read").exists()


def test_the_memory_of_the_worker_is_really_limited(owner, uploaded, monkeypatch, settings):
    settings.READ_MAX_MEMORY = 64 * 2**20
    monkeypatch.setattr(reading.openpyxl, "load_workbook", lambda *args, **kwargs: bytearray(512 * 2**20))

    found = read(uploaded)

    assert "te veel geheugen" in found.failure
    assert len(bytearray(512 * 2**20)) == 512 * 2**20  # and afterwards it is as it was


def test_a_file_that_ends_its_worker_twice_is_given_up(owner, uploaded, monkeypatch):
    """As a kill does: the attempt is counted, and nothing else has happened."""
    Job.objects.filter(task="imports.tasks.read").update(attempts=2)

    found = read(uploaded)

    assert found.state == "failed"
    assert "niet te lezen" in found.failure


def test_reading_twice_reads_once(owner):
    owner.post(reverse("imports:overview"), {"kind": "customers", "file": csv_file(GOOD)})
    found = read(Import.objects.get())
    Import.objects.update(state="checked")

    tasks.read(found.company_id, found.pk)

    found.refresh_from_db()
    assert (found.state, found.headers) == ("checked", ["Klantnummer", "Naam"])
