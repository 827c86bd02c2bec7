"""Alles exporteren: one zip with every table and every file of the company, and nothing of another."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from cleanconnect import jobs
from cleanconnect.jobs import Job
from exports import making, tasks
from exports.everything import tables
from exports.models import Export
from quality.models import Defect
from tests.factories import CustomerFactory, WorkOrderFactory


def zipped(owner):
    """The archive that the owner downloads after a worker has made it."""
    owner.post(reverse("exports:everything"))
    export = Export.objects.get()
    tasks.make(export.company_id, export.pk)
    response = owner.get(reverse("exports:download", args=[export.pk]))
    assert response["Content-Disposition"].startswith('attachment; filename="Alles ')
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def table(archive, name):
    return list(csv.DictReader(io.StringIO(archive.read(f"tabellen/{name}.csv").decode("utf-8-sig")), delimiter=";"))


def test_it_holds_every_table_and_only_our_rows(owner, neighbour):
    CustomerFactory(name="Autobedrijf De Vries")

    archive = zipped(owner)

    names = set(archive.namelist())
    assert {f"tabellen/{model._meta.app_label}-{model._meta.model_name}.csv" for model in tables()} < names
    assert [row["name"] for row in table(archive, "customers-customer")] == ["Autobedrijf De Vries"]
    assert [row["name"] for row in table(archive, "accounts-company")] == ["Glans Autopoets"]
    texts = b"".join(archive.read(name) for name in names if name.startswith("tabellen/"))
    assert b"Geheim" not in texts
    assert b"Buurman" not in texts


def test_it_holds_who_logs_in_but_no_password(owner, neighbour):
    archive = zipped(owner)

    assert [row["username"] for row in table(archive, "accounts-user")] == [owner.membership.user.username]
    assert all(b"pbkdf2" not in archive.read(name) and b"argon2" not in archive.read(name) for name in archive.namelist())


def test_it_holds_the_files_and_names_those_that_are_lost(owner):
    order = WorkOrderFactory()
    for name in ("hier", "weg"):
        defect = Defect(order=order, description=name, found_by=owner.membership)
        defect.photo.save("foto.webp", ContentFile(name.encode()))
    default_storage.delete(defect.photo.name)

    archive = zipped(owner)

    (kept,) = (name for name in archive.namelist() if name.startswith("bestanden/mankementen/"))
    assert archive.read(kept) == b"hier"
    assert archive.read("ontbrekende-bestanden.txt").decode() == defect.photo.name
    assert "Glans Autopoets" in archive.read("LEESMIJ.txt").decode()


def test_asking_twice_makes_one(owner):
    owner.post(reverse("exports:everything"))
    owner.post(reverse("exports:everything"))

    assert Export.objects.count() == 1


def test_only_the_owner_may(employee, customer):
    assert employee.post(reverse("exports:everything")).status_code == 403
    assert customer.post(reverse("exports:everything")).status_code == 403
    assert "Alles exporteren" not in customer.get(reverse("exports:overview")).content.decode()


def test_a_customer_sees_only_what_its_own_login_saved(owner, customer):
    export = making.export_list(reverse("customers:overview"), "csv", by=owner.membership)

    assert customer.get(reverse("exports:download", args=[export.pk])).status_code == 404
    assert customer.post(reverse("exports:delete", args=[export.pk])).status_code == 404
    assert Export.objects.exists()


def test_a_worker_that_dies_is_followed_by_another_and_in_the_end_it_is_said(owner, monkeypatch):
    owner.post(reverse("exports:everything"))
    export = Export.objects.get()

    def die(*args):
        raise RuntimeError

    monkeypatch.setattr("exports.everything.write", die)
    for _attempt in range(3):
        Job.objects.update(due_at=Now())
        with pytest.raises(RuntimeError):
            tasks.make(export.company_id, export.pk)

    export.refresh_from_db()
    assert export.state == "failed"
    assert not Job.objects.of(tasks.make, export).exists()
    assert "Probeer het nog eens" in owner.get(reverse("exports:detail", args=[export.pk])).content.decode()


def test_a_sweep_starts_what_waits_and_forgets_what_is_old(owner, monkeypatch, django_capture_on_commit_callbacks):
    old = making.export_list(reverse("customers:overview"), "csv", by=owner.membership)
    assert Job.objects.of(tasks.forget, old).get().due_at - timezone.now() > timedelta(days=6)
    Job.objects.update(due_at=Now())
    waiting = making.export_everything(by=owner.membership)
    Job.objects.update(nudged_at=None)
    started = []
    monkeypatch.setattr(tasks.make, "delay", lambda *args: started.append(args))
    monkeypatch.setattr(tasks.forget, "delay", tasks.forget.run)

    with django_capture_on_commit_callbacks(execute=True):
        jobs.sweep()

    assert started == [(waiting.company_id, waiting.pk)]
    assert list(Export.objects.all()) == [waiting]
    assert not default_storage.exists(old.file.name)


def test_a_file_can_be_thrown_away(owner, django_capture_on_commit_callbacks):
    export = making.export_list(reverse("customers:overview"), "csv", by=owner.membership)

    with django_capture_on_commit_callbacks(execute=True):
        owner.post(reverse("exports:delete", args=[export.pk]))

    assert not Export.objects.exists()
    assert not default_storage.exists(export.file.name)
    assert owner.get(reverse("exports:download", args=[export.pk])).status_code == 404
