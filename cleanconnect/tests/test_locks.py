"""Row locks that do not collide with the key checks of inserts."""

import re
import subprocess

from django.conf import settings

LOCK = re.compile(r"select_for_update\((?P<arguments>[^)]*)\)")


def test_no_row_lock_collides_with_a_key_check():
    """`FOR UPDATE` waits for every insert that refers to the row, at its commit; `FOR NO KEY UPDATE` does not."""
    sources = subprocess.check_output(["git", "ls-files", "*.py"], cwd=settings.BASE_DIR, text=True).split()

    locks = [
        (source, lock["arguments"])
        for source in sources
        if not source.startswith("cleanconnect/tests/")
        for lock in LOCK.finditer((settings.BASE_DIR / source).read_text())
    ]

    assert len(locks) > 50
    assert [lock for lock in locks if "no_key=True" not in lock[1]] == []
