"""The embedded servers in unusual places and after unusual ends."""

import socket
from urllib.parse import quote

import pytest

from .house import House

ROLES = "from django.db import connection; c = connection.cursor(); c.execute('SELECT current_user'); print(c.fetchone()[0])"
PING = "from django.core.cache import caches; c = caches['passing']; c.set('a', 1); print(c.get('a'))"


@pytest.mark.parametrize("folder", ["met een spatie", "50%+1 & 'aanhaling'", "een-heel-lange-naam-" + "x" * 100])
def test_the_folder_may_have_any_name_and_length(tmp_path, folder):
    (tmp_path / folder).mkdir()
    house = House(tmp_path / folder / "var")

    assert house.manage("shell", "-v0", "-c", ROLES) == "cleanconnect_app"
    assert house.manage("shell", "-v0", "-c", PING) == "1"
    assert house.left() == []


def test_a_folder_half_made_is_made_anew(tmp_path):
    house = House(tmp_path / "var")
    half_made = house.var / "postgres.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")

    assert house.manage("shell", "-v0", "-c", ROLES) == "cleanconnect_app"
    assert not half_made.exists()


def test_a_port_that_another_server_took_over_is_not_mistaken_for_ours(tmp_path):
    neighbour, house = House(tmp_path / "neighbour"), House(tmp_path / "var")
    with neighbour.shell():
        port = (neighbour.var / "valkey" / "port").read_text()
        (house.var / "valkey").mkdir(parents=True)
        (house.var / "valkey" / "port").write_text(port)

        assert house.manage("shell", "-v0", "-c", PING) == "1"
        assert (house.var / "valkey" / "port").read_text() != port
        assert socket.create_connection(("127.0.0.1", int(port)))


def test_only_what_the_environment_does_not_name_is_started(tmp_path):
    neighbour, house = House(tmp_path / "neighbour"), House(tmp_path / "var")
    with neighbour.shell():
        port = (neighbour.var / "valkey" / "port").read_text()

        assert house.manage("shell", "-v0", "-c", PING, REDIS_URL=f"redis://127.0.0.1:{port}/1") == "1"

    assert (house.var / "postgres").exists()
    assert not (house.var / "valkey").exists()


def test_a_database_named_with_one_role_can_be_migrated_again(tmp_path):
    neighbour, house = House(tmp_path / "neighbour"), House(tmp_path / "var")
    with neighbour.shell():
        folder = (neighbour.var / "postgres" / "postmaster.pid").read_text().splitlines()[4]
        url = f"postgres://cleanconnect_owner@/{quote(folder)}/cleanconnect"
        house.manage("migrate", DATABASE_URL=url)

        assert "Unapplying sessions.0001_initial... OK" in house.manage("migrate", "sessions", "zero", DATABASE_URL=url)
