"""A local mail server (RFC 5321) that greylists, vanishes, is slow, refuses or forgets, where it is told to."""

import socketserver
import threading
import time
from contextlib import contextmanager


class Postbox(socketserver.ThreadingTCPServer):
    """`letters` are the texts that it took, as bytes.

    `answers` maps a command (GREETING, EHLO, MAIL, RCPT, DATA, TEXT; or "RCPT name@example" for one recipient) to what it says
    instead of yes: a line such as "450 later", or VANISH, after which the connection is gone. `pauses` maps a command to
    the seconds it thinks before it answers, or until it is taken out of there, and `reached` holds the commands that came.
    """

    VANISH = "vanish"
    daemon_threads = allow_reuse_address = True
    request_queue_size = 50

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.letters, self.recipients, self.answers, self.pauses = [], [], {}, {}
        self.connections, self.reached = 0, set()

    @property
    def port(self):
        return self.server_address[1]


class _Vanished(Exception):
    pass


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.connections += 1
        try:
            self._say("GREETING", "220 local")
            while line := self.rfile.readline().decode().rstrip("\r\n"):
                command, _space, argument = line.partition(" ")
                if self._answer(command.upper(), argument) == "over":
                    return
        except (_Vanished, ConnectionError):
            return

    def _answer(self, command, argument):
        if command == "QUIT":
            self._say("QUIT", "221 bye")
            return "over"
        if command == "RCPT":
            self.recipient = argument.partition("<")[2].partition(">")[0]
            self._say(f"RCPT {self.recipient}" if f"RCPT {self.recipient}" in self.server.answers else "RCPT", "250 ok")
        elif command == "DATA":
            if self._say("DATA", "354 go on"):
                self._text()
        else:
            self._say(command, "250 ok")
        return None

    def _text(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b".") else line)
        answer = self.server.answers.get("TEXT", "250 taken")
        if answer == Postbox.VANISH or answer.startswith("250"):  # a server may take a text and be gone before it can say so
            self.server.letters.append(b"".join(lines))
            self.server.recipients.append(self.recipient)
        self._say("TEXT", "250 taken")

    def _say(self, command, yes):
        """Answer a command; returns whether it was a yes."""
        self.server.reached.add(command)
        ends = time.monotonic() + self.server.pauses.get(command, 0)
        while command in self.server.pauses and (left := ends - time.monotonic()) > 0:
            time.sleep(min(left, 0.05))
        answer = self.server.answers.get(command, yes)
        if answer == Postbox.VANISH:
            raise _Vanished
        self.wfile.write(answer.encode() + b"\r\n")
        return answer == yes


@contextmanager
def postbox():
    """A running `Postbox`."""
    server = Postbox()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
