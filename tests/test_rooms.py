"""A room is whole: installed, in its layer, guarded, and every test in git is run; whoever adds one is told what is missing."""

import subprocess
import sys
import tomllib
from pathlib import PurePosixPath

import pytest
from django.conf import settings

from cleanconnect.rooms import models, rooms
from tests.isolation import gaps

PROJECT = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]
FOLDERS = sorted(path.parent.name for path in settings.BASE_DIR.glob("*/apps.py"))
MECHANISMS = "cleanconnect"  # what all rooms stand on: a package with no tables but that of its jobs, and without an `apps.py`


def tracked(pattern):
    """The paths in git, with what is not committed yet, that match."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", pattern]
    listed = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True).stdout
    return {name for name in listed.splitlines() if (settings.BASE_DIR / name).exists()}


def test_every_room_is_installed():
    assert sorted({MECHANISMS, *FOLDERS}) == sorted(config.name for config in rooms())


def test_every_room_has_its_layer():
    layers = PROJECT["contracts"][0]["layers"]

    in_layers = [room.strip() for layer in layers for room in layer.split("|")]  # rooms side by side know nothing of each other
    assert sorted(in_layers) == sorted({MECHANISMS, *FOLDERS})
    assert PROJECT["root_packages"] == list(reversed(in_layers))


def test_rooms_are_installed_from_left_to_right():
    assert [config.name for config in rooms()] == PROJECT["root_packages"]


def test_every_room_is_in_the_map_of_the_readme():
    readme = (settings.BASE_DIR / "README.md").read_text()

    assert [name for name in FOLDERS if f"`{name}/`" not in readme] == []


@pytest.mark.parametrize("room", FOLDERS)
def test_the_tables_of_every_room_are_guarded(room):
    from django.apps import apps

    tables = set(apps.get_app_config(room).get_models(include_auto_created=True))

    assert tables <= set(models())
    assert tables - set(gaps.company_models()) <= {model for model in models() if model.__name__ in gaps.WITHOUT_COMPANY}


def test_every_test_file_in_git_is_collected():
    listing = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-q", "-p", "no:cacheprovider"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    ).stdout

    collected = {line.partition(":")[0] for line in listing.splitlines() if ".py: " in line}
    written = {name for name in tracked("*.py") if PurePosixPath(name).name.startswith("test_")}
    assert sorted(written - collected) == []
