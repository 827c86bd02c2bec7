"""`manage.py strayfiles`: what a kill between file and commit leaves is found, and nothing else."""

import os
import time
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.models import FileField

from cleanconnect.tenancy import context
from cleanconnect.uploads import small_name
from exports import stray_files
from invoicing.mail_events import INVOICE
from notifications.models import Message
from tests.factories import WorkOrderFactory
from workorders.models import OrderPhoto


def stored(name, *, days_old=2):
    default_storage.save(name, ContentFile(b"x"))
    moment = time.time() - days_old * 24 * 3600
    os.utime(default_storage.path(name), (moment, moment))
    return name


def run(*options):
    told = StringIO()
    call_command("strayfiles", *options, stdout=told)
    return told.getvalue()


def test_a_file_without_a_row_is_listed_and_removed_only_when_asked(company):
    name = stored(f"{company.pk}/facturen/left.pdf")

    listed = run()
    is_still_there = default_storage.exists(name)
    removed = run("--remove")

    assert f"without a row   {name}" in listed
    assert is_still_there
    assert "1 files without a row removed" in removed
    assert not default_storage.exists(name)


def test_what_a_row_names_in_whatever_field_stays(company):
    photo = stored(f"{company.pk}/werkorders/a.webp")
    stored(small_name(photo))
    OrderPhoto.objects.create(order=WorkOrderFactory(), photo=photo)
    attachment = stored(f"{company.pk}/facturen/mailed.pdf")
    Message.objects.create(event=INVOICE, to_email="a@b.example", subject="x", attachments=[[attachment, "F1.pdf"]])

    told = run("--remove")

    assert "0 files without a row removed, 0 rows without a file found" in told
    assert all(default_storage.exists(name) for name in (photo, small_name(photo), attachment))


def test_a_young_file_may_be_one_of_a_running_transaction(company):
    stored(f"{company.pk}/facturen/young.pdf", days_old=0)

    assert "0 files without a row" in run()


def test_half_files_and_those_of_a_company_that_is_gone_are_found(company):
    half = stored(f"{company.pk}/facturen/.abc.unfinished")
    gone = stored("987654321/facturen/a.pdf")

    assert set(stray_files.find().files) == {half, gone}


def test_a_row_without_its_file_is_told(company):
    photo = OrderPhoto.objects.create(order=WorkOrderFactory(), photo=f"{company.pk}/werkorders/gone.webp")

    assert f"without a file  workorders.OrderPhoto {photo.pk} photo: {photo.photo.name}" in run()


def test_every_company_is_looked_through(company, neighbour):
    theirs = stored(f"{neighbour.company.pk}/werkorders/a.webp")
    with context.company(neighbour.company.pk):
        OrderPhoto.objects.create(order=WorkOrderFactory(), photo=theirs)
    left = stored(f"{neighbour.company.pk}/werkorders/b.webp")

    stray = stray_files.find()

    assert [name for name in stray.files if "/werkorders/" in name] == [left]


@pytest.mark.parametrize(("model", "field"), stray_files.fields_of(FileField), ids=str)
def test_every_stored_file_lies_in_the_folder_of_its_company(company, model, field):
    instance = model(**{"pk": company.pk} if model is type(company) else {"company": company})

    assert field.generate_filename(instance, "a.pdf").startswith(f"{company.pk}/")
