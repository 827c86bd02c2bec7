"""The stack in a folder of its own, started the way a person does: as a process."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

BASE_DIR = Path(__file__).resolve().parent.parent.parent
NAMED_ELSEWHERE = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "PORT", "DJANGO_SETTINGS_MODULE")
PATIENCE = 300  # seconds; what takes three on a quiet machine takes a minute on one where everything runs at once

PROGRAMS = {
    "postgres": "/postgres -D",
    "valkey": "valkey-server",
    "gunicorn": "gunicorn",
    "worker": "cleanconnect worker --queues celery",
    "mail": "cleanconnect worker --queues mail",
    "beat": "cleanconnect beat",
}


class House:
    """A `var` folder with everything that runs on it."""

    def __init__(self, var):
        self.var = Path(var).resolve()

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items() if name not in NAMED_ELSEWHERE}
        return kept | {"VAR_DIR": str(self.var)} | more

    def takes_static_files_of(self, other):
        """Spare this house the collecting of static files."""
        shutil.copytree(other.var / "static", self.var / "static")
        shutil.copy(other.var / "static.txt", self.var)

    def manage(self, *arguments, **environment):
        """Run a management command; returns what it says."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        ).stdout.strip()

    @contextmanager
    def shell(self):
        """A Python shell of manage.py that stays open as long as the block lasts."""
        shell = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-v0", "-c", "import sys; print(1, flush=True); sys.stdin.read()"],
            cwd=BASE_DIR,
            env=self.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        shell.stdout.readline()
        yield shell
        shell.stdin.close()
        shell.wait(PATIENCE)  # it stops the servers that nobody else uses, in a folder that may go after this

    def start(self, log="run.log", **environment):
        """Start `make run` in a session of its own, as a terminal does."""
        return Run(self, log, environment)

    @contextmanager
    def running(self, **environment):
        run = self.start(**environment)
        try:
            yield run.up()
        finally:
            run.end(signal.SIGINT)

    def processes(self):
        """Every process that was started for this folder or works in it."""
        found = []
        for process in psutil.process_iter():
            try:
                is_ours = process.environ().get("VAR_DIR") == str(self.var) or self.var in (folder := Path(process.cwd()), *folder.parents)
                if is_ours and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except (psutil.Error, FileNotFoundError):
                continue  # it ended while we looked
        return found

    def names(self):
        """Which of the programs run."""
        titles = [title(process) for process in self.processes()]
        return {name for name in PROGRAMS if any(PROGRAMS[name] in shown for shown in titles)}

    def process(self, name):
        """The process of this program that was started first."""
        return min((process for process in self.processes() if PROGRAMS[name] in title(process)), key=lambda process: process.create_time())

    def wait_for(self, names):
        wait_until(lambda: self.names() == names, self.names)

    def kill(self):
        """`kill -9` of everything; what ends with its parent before its turn is fine too."""
        found = self.processes()
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(found, timeout=5)

    def left(self):
        """What still runs after everything was told to stop; what ends by itself meanwhile is not left."""
        return [title(process) for process in psutil.wait_procs(self.processes(), timeout=30)[1]]


class Run:
    """One `make run`."""

    def __init__(self, house, log, environment):
        self.house = house
        self.port = environment.get("PORT") or str(free_port())
        self.log = house.var.with_name(log)
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cleanconnect.run"],
                cwd=BASE_DIR,
                env=house.environment(**{"PORT": self.port} | environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def up(self):
        """Wait until it has announced itself and serves the first page."""
        wait_until(lambda: "Ctrl-C stops" in self.said() or self.process.poll() is not None, self.said)
        assert self.process.poll() is None, self.said()
        assert self.page().status == 200
        return self

    def page(self):
        return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=PATIENCE)

    def status(self, address):
        """The status with which a page is answered."""
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}{address}", timeout=PATIENCE).status
        except urllib.error.HTTPError as error:
            return error.code

    def worked(self):
        """Seconds of the processor that it has taken itself, with the programs that it ran and that have ended."""
        return sum(psutil.Process(self.process.pid).cpu_times()[:4])

    def servers(self):
        """The servers it uses, as another could name them in its environment."""
        environment = self.house.process("gunicorn").environ()
        return {name: environment[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")}

    def said(self):
        return self.log.read_text()

    def end(self, number):
        """Send the signal to the whole group, as a terminal does with Ctrl-C, and wait; returns the exit code."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        return self.process.wait(PATIENCE)


def wait_until(holds, said=lambda: ""):
    """Wait for a condition; when it does not come, `said()` tells what there is instead."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, said()
        time.sleep(0.1)


def title(process):
    """The command line of a process, or nothing when it has just ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
