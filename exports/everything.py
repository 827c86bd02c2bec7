"""Alles exporteren: every table of the company as CSV and every file, in one zip that any program can read."""

import shutil
import zipfile

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from cleanconnect.chunks import chunks
from cleanconnect.progress import report
from cleanconnect.secret import open_fields
from cleanconnect.spreadsheets import write_csv
from cleanconnect.tenancy.context import current_company_id
from cleanconnect.tenancy.postgres.schema import company_field

from .models import Export

OF_A_USER = ("id", "username", "email", "last_login")  # never a password, not even as a hash
README = _(
    "Alle gegevens van %(company)s, gemaakt op %(day)s.\n\n"
    "De map tabellen heeft per onderdeel een CSV-bestand (UTF-8, puntkomma's). Een kolom die eindigt op _id verwijst naar "
    "de kolom id van een ander bestand.\n"
    "De map bestanden heeft de foto's, facturen en andere bestanden; de namen staan in de tabellen.\n"
)


def tables():
    """The models with rows of a company, and the company itself."""
    return [Company, *(model for model in apps.get_models() if company_field(model) and model is not Export)]


def _queryset(model):
    rows = model._base_manager.order_by("pk")
    return rows.filter(pk=current_company_id()) if model is Company else rows


def write(export, file):
    """Write the zip to a binary file; returns how many rows of tables are in it."""
    counts = {model: _queryset(model).count() for model in tables()}
    total, done = sum(counts.values()), 0
    names, missing = set(), []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for model, count in counts.items():
            fields = [field for field in open_fields(model) if field.name != "company"]
            with archive.open(f"tabellen/{model._meta.app_label}-{model._meta.model_name}.csv", "w", force_zip64=True) as part:
                write_csv(part, [field.attname for field in fields], _cells(model, fields, names))
            done += count
            report(export, 60 * done // max(total, 1))
        with archive.open("tabellen/accounts-user.csv", "w") as part:
            write_csv(part, OF_A_USER, User.objects.filter(memberships__is_pending=False).distinct().order_by("pk").values_list(*OF_A_USER))
        for index, name in enumerate(sorted(names)):
            if not _add_file(archive, name):
                missing.append(name)
            if index % 50 == 0:
                report(export, 60 + 35 * index // len(names))
        if missing:
            archive.writestr("ontbrekende-bestanden.txt", "\r\n".join(missing))
        archive.writestr("LEESMIJ.txt", _readme(export))
    return total


def _readme(export):
    day = timezone.localtime(export.created_at).strftime("%d-%m-%Y")
    return (README % {"company": export.created_by.company, "day": day}).replace("\n", "\r\n")


def _cells(model, fields, names):
    """The rows of a table; the names of its files are added to `names`."""
    files = [index for index, field in enumerate(fields) if isinstance(field, models.FileField)]
    for part in chunks(_queryset(model).values_list(*(field.attname for field in fields))):
        for row in part:
            names.update(row[index] for index in files if row[index])
            yield row


def _add_file(archive, name):
    """Whether the file is in the storage; then it is in the archive too."""
    if not default_storage.exists(name):
        return False
    with default_storage.open(name) as source, archive.open(f"bestanden/{name.partition('/')[2]}", "w") as part:
        shutil.copyfileobj(source, part)
    return True
