"""`make run`, started and stopped for real, as in a terminal."""

import os
import signal
import socket
import time

import pytest

from cleanconnect.demo_logins import LOGINS, PASSWORD

from .house import PATIENCE, House, free_port, title, wait_until

EVERYTHING = {"postgres", "valkey", "gunicorn", "worker", "mail", "beat"}
SERVERS = {"postgres", "valkey"}
PING = "import os, redis; print(int(redis.Redis.from_url(os.environ['REDIS_URL']).ping()))"
COMPANIES = "from cleanconnect.tenancy.context import company_ids; from accounts.models import Company; print(company_ids(Company))"


@pytest.fixture(scope="module")
def house(ground):
    """A house that has been lived in: the first start is behind it, and nothing runs."""
    house = House(ground / "var")
    with house.running() as first:
        house.first_said, house.first_worked = first.said(), first.worked()
    return house


@pytest.fixture(autouse=True)
def _end_what_a_failing_test_left(house):
    yield
    house.kill()


def companies(house, **environment):
    return house.manage("shell", "-v0", "-c", COMPANIES, **environment)


def test_the_first_start_makes_a_demo_company_and_prints_its_logins(house):
    printed = [role for role, username in LOGINS if f"{role:<10} {username:<10} {PASSWORD}" in house.first_said]

    assert printed == ["Eigenaar", "Werknemer", "Klant", "Boekhouder"]
    assert companies(house) == "[1]"


def test_a_warm_start_does_little_and_ctrl_c_leaves_no_process_behind(house):
    with house.running() as run:
        worked = run.worked()
        house.wait_for(EVERYTHING)

    assert worked < house.first_worked / 2  # seconds of the processor, which a loaded machine does not change much
    assert run.process.returncode == 0
    assert house.left() == []
    assert companies(house) == "[1]"


def test_sigterm_stops_everything_too(house):
    run = house.start().up()

    run.process.send_signal(signal.SIGTERM)

    assert run.process.wait(PATIENCE) == 0
    assert house.left() == []


def test_ctrl_c_in_the_middle_of_starting_leaves_nothing_running(house):
    for pause in (0.2, 0.5, 0.8, 1.2, 1.6):
        run = house.start()
        time.sleep(pause)

        run.end(signal.SIGINT)

        assert house.left() == [], (pause, run.said())


@pytest.mark.parametrize("stage", ["postmaster.pid", "port"])
def test_ctrl_c_while_a_server_starts_leaves_nothing_running(house, stage):
    """At the very moment its first file appears, when it cannot be asked anything yet."""
    file = {"postmaster.pid": house.var / "postgres" / "postmaster.pid", "port": house.var / "valkey" / "port"}[stage]
    file.unlink(missing_ok=True)
    run = house.start()
    wait_until(file.exists)

    run.end(signal.SIGINT)

    assert house.left() == [], run.said()


def test_a_second_start_names_the_first_and_leaves_it_alone(house):
    with house.running() as first:
        second = house.start(log="second.log")

        assert second.process.wait(PATIENCE) == 1
        assert f"already runs here: http://127.0.0.1:{first.port} (process {first.process.pid})" in second.said()
        assert first.page().status == 200


def test_after_a_kill_the_next_start_ends_what_was_left_and_serves(house):
    killed = house.start().up()
    house.wait_for(EVERYTHING)
    killed.process.kill()
    killed.process.wait()
    left = [process for process in house.processes() if "gunicorn" in title(process)]

    with house.running(PORT=killed.port) as again:
        said = again.said()

    assert "that an earlier run left behind" in said
    assert left
    assert not any(process.is_running() for process in left)
    assert house.left() == []


def test_after_a_kill_of_everything_the_next_start_repairs_itself(house):
    house.start().up()
    house.kill()
    pid_file = house.var / "postgres" / "postmaster.pid"
    assert pid_file.exists()
    pid_file.write_text(pid_file.read_text().replace(pid_file.read_text().split("\n")[0], str(os.getpid()), 1))  # the number is used again

    with house.running() as again:
        assert again.page().status == 200

    assert companies(house) == "[1]"


def test_when_web_dies_the_rest_stops_and_it_says_so(house):
    run = house.start().up()
    house.wait_for(EVERYTHING)

    house.process("gunicorn").kill()

    assert run.process.wait(PATIENCE) == 1
    assert "web stopped; stopping everything." in run.said()
    assert house.left() == []


@pytest.mark.parametrize("name", ["worker", "mail", "beat"])
def test_a_worker_or_beat_that_dies_is_started_again(house, name):
    with house.running() as run:
        house.wait_for(EVERYTHING)
        killed = house.process(name)

        killed.kill()

        wait_until(lambda: f"{name} stopped; started again." in run.said() and house.names() == EVERYTHING, run.said)
        assert house.process(name).pid != killed.pid
        assert run.page().status == 200
    assert house.left() == []


def test_a_database_that_was_killed_is_started_again_and_the_pages_come_back(house):
    with house.running() as run:
        house.wait_for(EVERYTHING)
        house.process("postgres").kill()
        wait_until(lambda: "PostgreSQL stopped; started again." in run.said(), run.said)

        wait_until(lambda: run.status("/klantlogin/") == 200, run.said)

        assert house.names() == EVERYTHING


def test_a_valkey_that_was_killed_is_started_again_at_its_port(house):
    with house.running() as run:
        house.wait_for(EVERYTHING)
        port = (house.var / "valkey" / "port").read_text()
        house.process("valkey").kill()

        wait_until(lambda: "Valkey stopped; started again." in run.said(), run.said)

        assert (house.var / "valkey" / "port").read_text() == port
        assert house.manage("shell", "-v0", "-c", PING) == "1"


def test_a_port_that_was_asked_for_and_is_taken_is_a_clear_message(house):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        run = house.start(PORT=port)

        assert run.process.wait(PATIENCE) == 1
        assert f"Port {port} is taken by another program" in run.said()


@pytest.mark.parametrize("port", ["abc", "0", "70000"])
def test_a_port_that_is_no_port_is_a_clear_message(house, port):
    run = house.start(PORT=port)

    assert run.process.wait(PATIENCE) == 1
    assert f"PORT={port} is not a port number" in run.said()


def test_manage_py_joins_the_servers_and_leaves_them_running(house):
    with house.running() as run:
        house.wait_for(EVERYTHING)
        before = {name: house.process(name).pid for name in EVERYTHING}

        assert companies(house) == "[1]"
        assert {name: house.process(name).pid for name in EVERYTHING} == before
        assert run.page().status == 200


def test_servers_that_a_shell_started_outlive_it_while_make_run_uses_them(house):
    with house.shell() as shell:
        run = house.start().up()
    shell.wait(PATIENCE)

    assert run.page().status == 200
    assert house.names() >= SERVERS
    run.end(signal.SIGINT)
    assert house.left() == []


def test_servers_named_in_the_environment_are_used_and_none_is_started(house, tmp_path):
    with house.running() as elsewhere:
        guest = House(tmp_path / "var")
        guest.takes_static_files_of(house)
        with guest.running(**elsewhere.servers(), EMAIL_URL=f"smtp://127.0.0.1:{free_port()}") as run:
            guest.wait_for(EVERYTHING - SERVERS)
            assert run.page().status == 200
            assert guest.names() == EVERYTHING - SERVERS
            assert "var/mail" not in run.said()

        assert not (guest.var / "postgres").exists()
        assert not (guest.var / "valkey").exists()
        assert elsewhere.page().status == 200
