"""From row to mail server: claimed first, so that no customer gets two mails for one event, whatever dies in between."""

import mimetypes
import smtplib
from datetime import timedelta
from email.mime.image import MIMEImage
from email.utils import formataddr

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from cleanconnect.uploads import mail_picture

from .bounces import return_address
from .models import Message

MAX_ATTEMPTS = 6
STUCK_AFTER = timedelta(minutes=10)


class Undeliverable(Exception):
    """A message that may not be sent as it is, now or later; the text is for the screen."""


@transaction.atomic
def claim(pk):
    """The message, now ours to send, or None when it is not waiting or another worker has it."""
    message = Message.objects.due().select_for_update(no_key=True, skip_locked=True).filter(pk=pk).first()
    if message:
        message.state, message.attempts = Message.State.SENDING, message.attempts + 1
        message.next_attempt_at = timezone.now()
        message.save(update_fields=["state", "attempts", "next_attempt_at"])
    return message


def send(message, *, company):
    """Hand a claimed message to the mail server; returns how it ended as `(state, error)`.

    A failure before the server has taken the text is tried again later; one after it is not, because the mail may have
    gone out: the owner sees it and decides.
    """
    try:
        mail = build(message, company=company)
    except Undeliverable as error:
        return Message.State.FAILED, str(error)
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        return _again_later(message, error)
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        return Message.State.FAILED, str(error)
    except smtplib.SMTPResponseException as error:
        return (Message.State.FAILED, str(error)) if error.smtp_code >= 500 else _again_later(message, error)
    except (OSError, smtplib.SMTPException) as error:
        return Message.State.FAILED, _("De verbinding viel weg; mogelijk is het bericht wel aangekomen. (%(error)s)") % {"error": error}
    finally:
        connection.close()
    return Message.State.SENT, ""


def _again_later(message, error):
    return (Message.State.QUEUED if message.attempts < MAX_ATTEMPTS else Message.State.FAILED), str(error)


def settle(message, state, error):
    """Write down how a delivery ended; waiting doubles with each attempt, from one minute."""
    message.state, message.last_error = state, error[:300]
    if state == Message.State.SENT:
        message.sent_at = timezone.now()
    if state == Message.State.QUEUED:
        message.next_attempt_at = timezone.now() + timedelta(minutes=2 ** (message.attempts - 1))
    message.save(update_fields=["state", "last_error", "sent_at", "next_attempt_at"])


def give_up_stuck():
    """Messages whose worker died while sending: they may have gone out, so the owner decides."""
    stuck = Message.objects.filter(state=Message.State.SENDING, next_attempt_at__lt=timezone.now() - STUCK_AFTER)
    stuck.update(state=Message.State.FAILED, last_error=_("Het verzenden werd onderbroken; mogelijk is het bericht wel aangekomen."))


def build(message, *, company):
    """The mail of a message, from the company's name; a personal link is made here and stored nowhere.

    Raises `Undeliverable` when the link would reach another person than the one whose login it opens.
    """
    text = message.text
    if message.opens_a_login:
        if not message.is_for_its_user:
            raise Undeliverable(_("Het e-mailadres van deze login is intussen gewijzigd; deze link wordt niet meer verstuurd."))
        text = text.replace(Message.PERSONAL_LINK, import_string(settings.PERSONAL_LINK_MAKER)(message.user))
    pictures = [(mail_picture(name), url) for name, url in message.pictures if default_storage.exists(name)]
    links = [(f"picture-{number}", url) for number, (_data, url) in enumerate(pictures)]
    page = {"text": text, "company": company, "subject": message.subject, "language": message.language, "pictures": links}
    html = render_to_string("notifications/mail.html", page)
    sender = formataddr((company.name, settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")))
    mail = EmailMultiAlternatives(
        message.subject,
        text,
        from_email=return_address(company.pk, message) or sender,
        to=[formataddr((message.to_name, message.to_email))],
        reply_to=[formataddr((company.name, company.email))] if company.email else None,
        headers={"From": sender, "Message-ID": f"<message-{message.pk}-{message.created_at:%Y%m%d%H%M%S}@cleanconnect>"},
    )
    mail.attach_alternative(html, "text/html")
    if pictures:
        mail.mixed_subtype = "related"  # RFC 2387: the pictures stand in the text (RFC 2392)
    for number, (data, _url) in enumerate(pictures):
        part = MIMEImage(data, "jpeg")
        part.add_header("Content-ID", f"<picture-{number}>")
        part.add_header("Content-Disposition", "inline", filename=f"foto-{number + 1}.jpg")
        mail.attach(part)
    for stored, name in message.attachments:
        with default_storage.open(stored) as file:
            mail.attach(name, file.read(), mimetypes.guess_type(name)[0])
    return mail
