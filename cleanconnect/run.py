"""`make run`: web server, workers and beat on this machine, in one log, until Ctrl-C."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path

import psutil

from .demo_logins import LOGINS, PASSWORD
from .localstack import BASE_DIR, INTERRUPTS, VAR_DIR, revive_servers, use_servers

MARK = "CLEANCONNECT_RUN"  # in the environment of what is started here, to find again what a kill left behind
GUNICORN = ["--workers", "2", "--threads", "4", "--preload", "--log-level", "warning", "--no-control-socket"]


def main():
    """Migrate, load the demo company on the first start, and serve until Ctrl-C."""
    stopping = threading.Event()

    def stop(number, _frame):
        stopping.set()  # Python swallows an exit that is raised in a destructor or a callback; `_serve` asks the event again
        sys.exit(128 + number)

    for number in INTERRUPTS:
        signal.signal(number, stop)
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    with _only_one() as lock:
        _end_what_a_kill_left()
        port = _web_port()
        os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cleanconnect.settings")
        lock.write(f"http://127.0.0.1:{port} (process {os.getpid()})")
        lock.flush()
        use_servers()
        _prepare()
        _serve(port, stopping)


@contextmanager
def _only_one():
    """Hold var/run.lock; the system takes it back when this process ends, however it ends."""
    with open(VAR_DIR / "run.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            sys.exit(f"CleanConnect already runs here: {lock.read().strip()}. Stop it first, with Ctrl-C in its window.")
        lock.truncate(0)
        yield lock


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
            sys.exit(f"Port {asked} is taken by another program. Choose another, for example: make run PORT=8080")
        return int(asked)
    for port in range(8000, 8050):
        if is_free(port):
            if port != 8000:
                print(f"Port 8000 is taken by another program; using {port}.")
            return port
    sys.exit("Ports 8000 to 8049 are all taken. Choose another, for example: make run PORT=9000")


def _prepare():
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    _collect_static()
    if not settings.PRODUCTION:  # its passwords are public
        call_command("demo", if_empty=True, stdout=StringIO())


def _collect_static():
    """Collect and compress the static files, which takes seconds, only when one of them has changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    files = [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]
    state = "\n".join(sorted(f"{file} {file.stat().st_mtime_ns}" for file in files))
    collected = VAR_DIR / "static.txt"
    if not (settings.STATIC_ROOT.exists() and collected.exists() and collected.read_text() == state):
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        collected.write_text(state)


def _serve(port, stopping):
    """Run web, workers and beat until a signal comes or web stops by itself; then stop them all. What else stops is started again."""
    for number in INTERRUPTS:
        signal.signal(number, lambda *_: stopping.set())
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--quiet", "--app", "cleanconnect"]
    bind = f"{os.environ.get('LISTEN', '127.0.0.1')}:{port}"
    beside = {
        "worker": [*celery, "worker", "--queues", "celery,pdf", "--concurrency", "2", "--loglevel", "WARNING"],
        "mail": [*celery, "worker", "--queues", "mail", "--hostname", "mail@%h", "--pool", "solo", "--loglevel", "WARNING"],
        "beat": [*celery, "beat", "--loglevel", "WARNING"],
    }
    running = {"web": _start("web", [*python, "gunicorn", "cleanconnect.wsgi", "--bind", bind, *GUNICORN])}
    looked_at = time.monotonic()
    try:
        while not stopping.wait(0.1) and running["web"].poll() is None:
            if "worker" not in running and _answers(port):  # the first page has the machine to itself
                running |= {name: _start(name, command) for name, command in beside.items()}
                _announce(port)
            if time.monotonic() - looked_at > 1:
                if revived := revive_servers():
                    print(f"{' and '.join(revived)} stopped; started again.", flush=True)
                for name in [name for name in beside if name in running and running[name].poll() is not None]:
                    print(f"{name} stopped; started again.", flush=True)
                    _stop([running[name]])  # and what it started itself
                    running[name] = _start(name, beside[name])
                looked_at = time.monotonic()
        print("\nStopping; the data stays." if stopping.is_set() else "web stopped; stopping everything.", flush=True)
    finally:
        _stop(running.values())
    sys.exit(0 if stopping.is_set() else 1)


def _start(name, command):
    """Start a process in a session of its own, where Ctrl-C does not reach it, and copy what it says into the one log."""
    process = subprocess.Popen(
        command,
        cwd=BASE_DIR,
        env=os.environ | {MARK: str(VAR_DIR), "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore:You're running the worker with superuser"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )

    def copy():
        for line in process.stdout:
            print(f"{name:<6} | {line}", end="", flush=True)

    threading.Thread(target=copy, daemon=True).start()
    return process


def _stop(processes):
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + 10
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what is slow, and what it started itself


def _answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _announce(port):
    print(f"\n  CleanConnect: http://127.0.0.1:{port}\n")
    for role, username in LOGINS:
        print(f"    {role:<10} {username:<10} {PASSWORD}")
    mail = "" if os.environ.get("EMAIL_URL") else "Mail is written to var/mail/. "
    print(f"\n  {mail}Ctrl-C stops everything; the data stays.\n", flush=True)


if __name__ == "__main__":
    main()
