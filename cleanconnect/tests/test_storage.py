"""Files are there whole or not at all: a full disk, an error half-way, a transaction that is rolled back, a kill."""

import errno
import os
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from cleanconnect.storage import DiskStorage


class NoSpaceHalfWay(ContentFile):
    """A file of which the second part no longer fits on the disk."""

    def chunks(self, chunk_size=None):
        yield b"the first part"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def files_in(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 300 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)], capture_output=True, text=True)
    if mounting.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounting.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_keeps_no_half_file_and_gets_its_space_back(small_disk):
    storage = DiskStorage(location=small_disk)
    for _attempt in range(5):
        with pytest.raises(OSError, match="No space left") as full:
            storage.save("1/facturen/large.pdf", ContentFile(b"x" * 400_000))
        assert full.value.errno == errno.ENOSPC

    name = storage.save("1/facturen/small.pdf", ContentFile(b"x" * 200_000))

    assert [path.name for path in files_in(small_disk)] == ["small.pdf"]
    assert storage.size(name) == 200_000


def test_a_disk_that_is_full_half_way_keeps_nothing(tmp_path):
    storage = DiskStorage(location=tmp_path)

    with pytest.raises(OSError, match="No space left"):
        storage.save("1/facturen/a.pdf", NoSpaceHalfWay(b"", name="a.pdf"))

    assert files_in(tmp_path) == []


def test_a_file_is_under_its_name_only_once_it_is_synced(tmp_path, monkeypatch):
    storage, seen = DiskStorage(location=tmp_path), []
    sync = os.fsync

    def watched(descriptor):
        seen.append(storage.exists("1/a.pdf"))
        return sync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)

    storage.save("1/a.pdf", ContentFile(b"whole"))

    assert seen == [False, True]  # of the file before its name, of the folder after
    assert storage.open("1/a.pdf").read() == b"whole"
    assert os.stat(storage.path("1/a.pdf")).st_mode & 0o777 == 0o644


def test_a_file_goes_again_with_its_transaction(transactional_db):
    with suppress(ZeroDivisionError), transaction.atomic():
        default_storage.save("1/a.pdf", ContentFile(b"x"))
        raise ZeroDivisionError

    assert not default_storage.exists("1/a.pdf")


def test_a_file_of_a_savepoint_goes_with_the_savepoint_only(transactional_db):
    with transaction.atomic():
        default_storage.save("1/before.pdf", ContentFile(b"x"))
        with suppress(ZeroDivisionError), transaction.atomic():
            default_storage.save("1/within.pdf", ContentFile(b"x"))
            with transaction.atomic():
                default_storage.save("1/deeper.pdf", ContentFile(b"x"))
            raise ZeroDivisionError
        default_storage.save("1/after.pdf", ContentFile(b"x"))

    assert sorted(default_storage.listdir("1")[1]) == ["after.pdf", "before.pdf"]


def test_what_is_committed_stays_when_the_next_transaction_fails(transactional_db):
    with transaction.atomic():
        default_storage.save("1/a.pdf", ContentFile(b"x"))
    with suppress(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError

    assert default_storage.exists("1/a.pdf")


def test_a_file_goes_when_the_database_goes_away_before_the_commit(transactional_db):
    with suppress(Exception), transaction.atomic():
        default_storage.save("1/a.pdf", ContentFile(b"x"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()

    assert not default_storage.exists("1/a.pdf")


def test_the_undo_is_there_before_the_first_byte(transactional_db, monkeypatch):
    undos = []
    monkeypatch.setattr(connection, "on_rollback", lambda undo: undos.append(default_storage.exists("1/a.pdf")))

    with transaction.atomic():
        default_storage.save("1/a.pdf", ContentFile(b"x"))

    assert undos == [False]
