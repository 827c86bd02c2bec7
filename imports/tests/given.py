"""What the tests of imports begin with: a file as a person uploads it, and a worker that does what was asked."""

import io
from pathlib import Path

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from imports import tasks
from imports.forms import ColumnsForm
from imports.models import Import

DATA = Path(__file__).parent / "data"


def csv_file(text, encoding="utf-8", name="bestand.csv"):
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode(encoding))


def workbook(*rows, name="bestand.xlsx"):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return SimpleUploadedFile(name, made.getvalue())


def upload(client, kind, file):
    """The answer to an upload, of which a worker has read the headers."""
    response = client.post(reverse("imports:overview"), {"kind": kind, "file": file})
    if response.status_code == 302:
        found = Import.objects.latest("pk")
        tasks.read(found.company_id, found.pk)
    return response


def checked(client, kind, file, **choices):
    """The import after its columns were accepted as proposed (or as in `choices`) and a worker has looked."""
    response = upload(client, kind, file)
    assert response.status_code == 302, response.context["form"].errors
    found = Import.objects.latest("pk")
    form = ColumnsForm(found=found)
    proposed = {name: field.initial for name, field in form.fields.items()}
    response = client.post(reverse("imports:columns", args=[found.pk]), proposed | choices)
    assert response.status_code == 302, response.context["form"].errors
    return worked(found)


def imported(client, kind, file, *, only_good=False, **choices):
    """The import after all of it."""
    found = checked(client, kind, file, **choices)
    client.post(reverse("imports:carry-out", args=[found.pk]), {"alleen": "goed"} if only_good else {})
    return worked(found)


def worked(found):
    tasks.run(found.company_id, found.pk)
    found.refresh_from_db()
    return found


def counts(found):
    return found.new_count, found.changed_count, found.unchanged_count, found.wrong_count
