import tempfile
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def ground():
    """Where the tests build their houses: not in pytest's own folder, which a second run as root shuts to PostgreSQL's system user."""
    with tempfile.TemporaryDirectory(prefix="houses-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def tmp_path(ground):
    folder = Path(tempfile.mkdtemp(dir=ground))
    folder.chmod(0o755)
    return folder
