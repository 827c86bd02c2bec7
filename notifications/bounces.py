"""Mails that come back later: the letters of mail servers that could not deliver, collected from a mailbox by POP3.

Each mail goes out with a return address of its own (VERP), signed, so that a letter says which mail it is about by where it
arrives and nobody can make a mail seem to have come back.
"""

import email
import poplib
import re
from contextlib import contextmanager
from email import policy
from email.utils import getaddresses
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cleanconnect.tenancy.context import company

from .models import Message

TIMEOUT = 20  # seconds
AT_A_TIME = 200
HEADERS_WITH_RECIPIENT = ("Delivered-To", "X-Original-To", "To")

# What the owner reads, by the code of RFC 3463 without its first digit; the longest that fits is taken.
REASONS = {
    "1": gettext_lazy("Dit e-mailadres bestaat niet."),
    "1.2": gettext_lazy("Het domein achter de @ bestaat niet of ontvangt geen e-mail."),
    "1.10": gettext_lazy("Het domein achter de @ bestaat niet of ontvangt geen e-mail."),
    "2": gettext_lazy("Dit postvak neemt geen e-mail aan."),
    "2.2": gettext_lazy("Het postvak van de ontvanger is vol."),
    "2.3": gettext_lazy("De e-mail is te groot voor de ontvanger."),
    "3.4": gettext_lazy("De e-mail is te groot voor de ontvanger."),
    "4": gettext_lazy("De mailserver van de ontvanger was dagenlang niet bereikbaar."),
    "7": gettext_lazy("De mailserver van de ontvanger weigert de e-mail als ongewenst."),
}


def return_address(company_id, message):
    """Where a mail server sends its letter when it cannot deliver this message; None when no letters are collected."""
    if not settings.BOUNCE_ADDRESS:
        return None
    name, _at, domain = settings.BOUNCE_ADDRESS.partition("@")
    about = f"{company_id}.{message.pk}"
    return f"{name}+{about}.{_signature(about)}@{domain}"


def _signature(about):
    return salted_hmac("notifications.bounces", about).hexdigest()[:20]  # the part before the @ may have 64 signs (RFC 5321)


def collect():
    """Empty the mailbox; returns how many messages turned out to have come back.

    A letter is removed from the mailbox after it was dealt with. When the connection breaks it is read again, which does no harm.
    """
    marked = 0
    with _mailbox() as mailbox:
        count, _size = mailbox.stat()
        for number in range(1, min(count, AT_A_TIME) + 1):
            _answer, lines, _octets = mailbox.retr(number)
            marked += mark(b"\r\n".join(lines))
            mailbox.dele(number)
    return marked


@contextmanager
def _mailbox():
    url = urlsplit(settings.BOUNCE_MAILBOX)
    kind = poplib.POP3_SSL if url.scheme == "pops" else poplib.POP3
    mailbox = kind(url.hostname, url.port or (995 if url.scheme == "pops" else 110), timeout=TIMEOUT)
    try:
        mailbox.user(unquote(url.username or ""))
        mailbox.pass_(unquote(url.password or ""))
        yield mailbox
        mailbox.quit()
    finally:
        mailbox.close()


def mark(letter):
    """Mark the message that a letter (bytes) says was not delivered; returns whether it did.

    A letter that says anything else, such as an absence or a delay, changes nothing.
    """
    letter = email.message_from_bytes(letter, policy=policy.default)
    about, reason = _about(letter), _failure(letter)
    if about is None or reason is None:
        return False
    company_id, pk = about
    with company(company_id):
        sent = Message.objects.filter(pk=pk, state=Message.State.SENT)
        return bool(sent.update(state=Message.State.BOUNCED, last_error=reason[:300]))


def _about(letter):
    """`(company's number, message's number)`, out of the return address; None when it is not one of ours."""
    found = [str(text) for header in HEADERS_WITH_RECIPIENT for text in letter.get_all(header, [])]
    for _name, address in getaddresses(found):
        match = re.search(r"\+((\d{1,18})\.(\d{1,18}))\.([0-9a-f]{20})@", address.lower())
        if match and constant_time_compare(_signature(match[1]), match[4]):
            return int(match[2]), int(match[3])
    return None


def _failure(letter):
    """Why the mail was not delivered, in Dutch with the words of the server; None when the letter does not say so (RFC 3464)."""
    for part in letter.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in part.iter_parts():
            if str(fields.get("Action", "")).strip().lower() == "failed":
                return _reason(str(fields.get("Status", "")), str(fields.get("Diagnostic-Code", "")))
    return None


def _reason(status, diagnostic):
    code = re.search(r"[45]\.(\d{1,3})\.(\d{1,3})", status)
    known = code and (REASONS.get(f"{code[1]}.{code[2]}") or REASONS.get(code[1]))
    said = " ".join(diagnostic.partition(";")[2].split()) or status.strip()
    return f"{known or _('De mailserver van de ontvanger weigert de e-mail.')}{f' ({said})' if said else ''}"
