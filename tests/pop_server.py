"""A local mailbox that is read by POP3 (RFC 1939): letters leave it when a session ends with QUIT, and only then."""

import socketserver
import threading
from contextlib import contextmanager

USER, PASSWORD = "retour", "een goed:wacht@woord"


class Mailbox(socketserver.ThreadingTCPServer):
    """`letters` are bytes; with `breaks_at` the connection is cut at that command."""

    daemon_threads = allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.letters, self.breaks_at = [], None

    @property
    def address(self):
        return f"127.0.0.1:{self.server_address[1]}"


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.user, self.is_in, self.deleted = None, False, set()
        self._say("+OK")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            command, _space, argument = line.partition(" ")
            if command == self.server.breaks_at:
                return
            if self._answer(command, argument) == "over":
                return

    def _answer(self, command, argument):
        letters = self.server.letters
        if command == "USER":
            self.user = argument
            self._say("+OK")
        elif command == "PASS":
            self.is_in = (self.user, argument) == (USER, PASSWORD)
            self._say("+OK" if self.is_in else "-ERR authentication failed")
        elif command == "QUIT":
            self.server.letters = [letter for number, letter in enumerate(letters, 1) if number not in self.deleted]
            self._say("+OK")
            return "over"
        elif not self.is_in:
            self._say("-ERR log in first")
        elif command == "STAT":
            self._say(f"+OK {len(letters)} {sum(map(len, letters))}")
        elif command == "RETR":
            self._say("+OK")
            for line in letters[int(argument) - 1].splitlines():
                self.wfile.write((b"." if line.startswith(b".") else b"") + line + b"\r\n")
            self._say(".")
        elif command == "DELE":
            self.deleted.add(int(argument))
            self._say("+OK")
        else:
            self._say("-ERR unknown")
        return None

    def _say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def mailbox():
    """A running `Mailbox`."""
    server = Mailbox()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
