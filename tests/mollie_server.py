"""A local HTTP server that behaves like Mollie's API: payments that a test then pays, refunds or lets fail, and Mollie's faults."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

KEY = "test_dHar4XY7LxsDOtmnkVtjNVWXLSlXsM"


class MollieServer(ThreadingHTTPServer):
    """`payments` maps ids to what the API tells of them; `fault` is a status with which everything is answered."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.payments, self.by_idempotency, self.asked, self.fault = {}, {}, [], None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/v2/"

    def create(self, body, idempotency_key):
        if idempotency_key in self.by_idempotency:
            return self.by_idempotency[idempotency_key]
        mollie_id = f"tr_test{len(self.payments) + 1}"
        made = {
            "resource": "payment",
            "id": mollie_id,
            "mode": "test",
            "status": "open",
            "_links": {"checkout": {"href": f"{self.url}checkout/{mollie_id}"}},
        }
        self.payments[mollie_id] = self.by_idempotency[idempotency_key] = made | body
        return self.payments[mollie_id]

    def pay(self, mollie_id, **changes):
        """The customer paid at Mollie's page."""
        self.payments[mollie_id] |= {"status": "paid", "paidAt": "2026-11-20T23:30:00+00:00"} | changes

    def give_back(self, mollie_id, value, name="amountRefunded"):
        self.payments[mollie_id][name] = {"currency": "EUR", "value": value}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        name = urlsplit(self.path).path.removeprefix("/v2/")
        if name.startswith("checkout/"):
            self._answer(200, "<!doctype html><title>Mollie</title><h1>Betaalpagina</h1>", "text/html")
        elif name == "methods":
            self._guarded(200, {"count": 0})
        else:
            found = self.server.payments.get(name.removeprefix("payments/"))
            self._guarded(200 if found else 404, found or {"status": 404})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        may = not self.server.fault and self._is_let_in()
        self._guarded(201, self.server.create(body, self.headers["Idempotency-Key"]) if may else {})

    def _is_let_in(self):
        return self.headers["Authorization"] == f"Bearer {KEY}"

    def _guarded(self, status, body):
        self.server.asked.append(f"{self.command} {self.path}")
        if self.server.fault:
            self._answer(self.server.fault, "<html>Er gaat iets mis</html>", "text/html")
        elif not self._is_let_in():
            self._answer(401, json.dumps({"status": 401, "title": "Unauthorized Request"}))
        else:
            self._answer(status, json.dumps(body))

    def _answer(self, status, text, content_type="application/hal+json"):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


@contextmanager
def mollie():
    """A running `MollieServer`."""
    server = MollieServer()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
