"""Files that no row knows, left by a kill between file and commit, and rows of which the file is gone."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField, ImageField, JSONField, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import Company
from cleanconnect.chunks import chunks
from cleanconnect.tenancy.context import company, company_ids
from cleanconnect.uploads import small_name

SETTLED = timedelta(days=1)  # a younger file may belong to a transaction that is still running
STORED_NAME = re.compile(r"\d+/[\w-]+/[\w.-]+")  # as `cleanconnect.uploads.company_path` makes them


@dataclass
class Stray:
    """`files`: names in the storage without a row. `rows`: `(model, pk, field, name)` without their file."""

    files: list = field(default_factory=list)
    rows: list = field(default_factory=list)


def fields_of(kind):
    """`(model, field)` of every field of this kind in the product."""
    return [(model, one) for model in apps.get_models() for one in model._meta.concrete_fields if isinstance(one, kind)]


def find():
    """What is stray, in all companies."""
    stray = Stray()
    folders, files = default_storage.listdir("") if default_storage.exists("") else ([], [])
    companies = company_ids(Company)
    for company_id in companies:
        with company(company_id):
            _find_in_company(str(company_id), stray)
    nobodys = [name for folder in folders if folder not in map(str, companies) for name in _walk(folder)]
    stray.files += [name for name in files + nobodys if _is_settled(name)]
    return stray


def remove(names):
    """Delete these files from the storage."""
    for name in names:
        default_storage.delete(name)


def _find_in_company(folder, stray):
    present = set(_walk(folder))  # before the rows: a file that comes meanwhile is in neither
    known = set()
    for model, one in fields_of(FileField):
        for part in chunks(model.objects.exclude(**{one.name: ""}).values_list("pk", one.name)):
            for pk, name in part:
                known |= {name, small_name(name)} if isinstance(one, ImageField) else {name}
                if name not in present and not default_storage.exists(name):
                    stray.rows.append((model, pk, one.name, name))
    unknown = [name for name in present - known if _is_settled(name)]
    mentioned = _mentioned() if unknown else set()
    stray.files += sorted(name for name in unknown if name not in mentioned)


def _mentioned():
    """Names that stand in rows without a field of their own, such as the attachments of a mail."""
    names = set()
    for model, one in fields_of(JSONField):
        texts = model.objects.annotate(as_text=Cast(one.name, TextField())).filter(as_text__regex=STORED_NAME.pattern)
        for part in chunks(texts.values_list("as_text", flat=True)):
            for text in part:
                names.update(STORED_NAME.findall(text))
    return names


def _walk(folder):
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for one in folders:
        yield from _walk(f"{folder}/{one}")


def _is_settled(name):
    try:
        return default_storage.get_modified_time(name) < timezone.now() - SETTLED
    except FileNotFoundError:
        return False
