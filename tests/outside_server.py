"""A local HTTP server that behaves like somebody else's service, its faults included."""

import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class OutsideServer(ThreadingHTTPServer):
    """Answers every GET with what `answer(query)` says: `(status, body, content type)`, or a fault: "hang", "drip" or "cut"."""

    daemon_threads = True

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer, self.asked = answer, []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        self.server.asked.append(query)
        answer = self.server.answer(query)
        with suppress(BrokenPipeError, ConnectionResetError):  # who asked does not wait any longer
            self._fail(answer) if isinstance(answer, str) else self._answer(*answer)

    def _answer(self, status, body, content_type="application/json"):
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _fail(self, how):
        if how == "hang":
            time.sleep(8)
            return
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        if how == "cut":
            self.wfile.write(b'{"response":')
            return
        for _ in range(40):  # drip: a byte now and then, so that no single wait is too long
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.2)

    def log_message(self, *args):
        pass


@contextmanager
def outside(answer):
    """A running `OutsideServer`."""
    server = OutsideServer(answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
