"""The newest mails under var/mail, for an installation without a mail server."""

import email
from email import policy
from pathlib import Path

from django.conf import settings


def newest_mails(limit=20):
    """The newest mails as `{"to", "subject", "text"}`, newest first; the file backend puts several in one file."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)[:limit]
    found = []
    for file in files:
        for part in reversed(file.read_bytes().split(b"\n" + b"-" * 79 + b"\n")):
            if part.strip():
                mail = email.message_from_bytes(part.lstrip(), policy=policy.default)
                body = mail.get_body(("plain",))
                found.append({"to": mail["To"], "subject": mail["Subject"], "text": body.get_content() if body else ""})
    return found[:limit]
