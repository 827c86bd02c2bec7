"""The conversation with the mail server (RFC 5321), for several mails on end, and what each of its answers means for us.

Django's backend opens the connection; we hold the conversation ourselves, because it matters when it ends: before the text has gone
nothing was sent, after the last answer everything was, and in between only the owner can find out.
"""

import re
import smtplib
from contextlib import suppress

from django.core.mail import get_connection
from django.core.mail.backends import smtp
from django.core.mail.message import sanitize_address

MAILS_PER_CONNECTION = 100
PATIENCE_AFTER_TEXT = 90  # seconds; many servers look for viruses before they answer
NOT_AS_WE_ARE = {421, 530, 534, 535, 538}  # the server closes, or wants another login
TOO_LARGE = 552


class ServerTrouble(Exception):
    """The mail server is away or refuses us; no message is to blame, and any other would meet the same."""


class NotNow(Exception):
    """The server cannot take this message now (greylisting, a full mailbox, a lost connection); nothing of it was sent."""


class Refused(Exception):
    """The server will never take this message for this recipient."""


class Uncertain(Exception):
    """The connection was lost while the server had the text: it may have arrived."""


class Outgoing:
    """A connection that opens when there is something to send, and is used for what follows; closed with the block."""

    def __init__(self):
        self.backend, self.sent = None, 0

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        """End the connection, whatever state it is in."""
        backend, self.backend = self.backend, None
        if backend is not None:
            with suppress(OSError):
                backend.close()

    def send(self, mail, *, before_text):
        """Hand over a mail, calling `before_text` just before the server gets its text.

        Raises `ServerTrouble`, `NotNow`, `Refused` or `Uncertain`.
        """
        self.connect()
        try:
            if isinstance(self.backend, smtp.EmailBackend):
                self._converse(self.backend.connection, mail, before_text)
            else:  # a folder or memory: there is nobody to talk with
                before_text()
                self._store(mail)
        except BaseException:
            self.close()
            raise

    def connect(self):
        """Have a connection on which we are known; raises `ServerTrouble`."""
        if self.backend is not None and self.sent >= MAILS_PER_CONNECTION:
            self.close()
        if self.backend is None:
            self.backend, self.sent = get_connection(), 0
            try:
                self.backend.open()
                if isinstance(self.backend, smtp.EmailBackend):
                    self.backend.connection.ehlo_or_helo_if_needed()
            except OSError as error:  # those of smtplib and of TLS too
                self.close()
                raise ServerTrouble(_told(error)) from error
        self.sent += 1

    def _store(self, mail):
        try:
            self.backend.send_messages([mail])
        except OSError as error:
            raise NotNow(_told(error)) from error

    def _converse(self, server, mail, before_text):
        encoding = mail.encoding or "utf-8"
        text = mail.message().as_bytes(linesep="\r\n")
        try:
            size = [f"size={len(text)}"] if server.has_extn("size") else []
            _expect(server.mail(sanitize_address(mail.from_email, encoding), size), of_sender=True)
            for recipient in mail.recipients():
                _expect(server.rcpt(sanitize_address(recipient, encoding)))
            before_text()
            _expect(server.docmd("DATA"))
        except OSError as error:
            raise NotNow(_told(error)) from error
        try:
            server.sock.settimeout(PATIENCE_AFTER_TEXT)
            server.send(re.sub(rb"(?m)^\.", b"..", text).removesuffix(b"\r\n") + b"\r\n.\r\n")
            answer = server.getreply()
            server.sock.settimeout(server.timeout)
        except OSError as error:
            raise Uncertain(_told(error)) from error
        _expect(answer)


def _expect(answer, *, of_sender=False):
    """Raise what an answer means, unless it is a yes."""
    code, text = answer
    told = f"{code} {text.decode(errors='replace')}"
    if 200 <= code < 400:
        return
    if code in NOT_AS_WE_ARE and of_sender:  # said of a recipient it may be about that one
        raise ServerTrouble(told)
    if code >= 500 and code not in NOT_AS_WE_ARE and (not of_sender or code == TOO_LARGE):
        raise Refused(told)
    raise NotNow(told)


def _told(error):
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    return str(error) or type(error).__name__
