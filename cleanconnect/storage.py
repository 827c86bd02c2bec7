"""Where files are kept: whole or not at all, and no longer than the transaction in which they were written lasts.

Any `save` of a file inside a transaction is taken back when that is rolled back, so nobody else has to think of it. What a kill
leaves between file and commit is found by `manage.py strayfiles`.
"""

import os
from functools import partial
from pathlib import Path
from tempfile import mkstemp

from django.core.files.storage import FileSystemStorage
from django.db import connection

UNFINISHED = ".unfinished"  # how the name ends of a file that is being written


class WholeFileStorage(FileSystemStorage):
    """Files on a disk: written beside their name, synced, and only then given it.

    A full disk or a kill leaves no empty or half file under a name; the OSError of a full disk is raised, and its space is free again.
    """

    def _save(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, unfinished = mkstemp(dir=path.parent, prefix=".", suffix=UNFINISHED)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(unfinished, self.file_permissions_mode or 0o644)
            os.replace(unfinished, path)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        _sync_names(path.parent)
        return name


def _sync_names(folder):
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class TakenBack:
    """Of a storage: a file goes again with the transaction it was written in; that is arranged before the first byte."""

    def _save(self, name, content):
        connection.on_rollback(partial(self.delete, name))
        return super()._save(name, content)


class DiskStorage(TakenBack, WholeFileStorage):
    """The folder `MEDIA_ROOT`."""
