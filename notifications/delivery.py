"""From row to mail server: claimed first, so that no customer gets two mails for one event, whatever dies in between."""

import logging
import mimetypes
import time
from datetime import timedelta
from email.errors import MessageError
from email.mime.image import MIMEImage
from email.utils import formataddr

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Count, Min
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from cleanconnect import jobs
from cleanconnect.jobs import Job
from cleanconnect.tenancy import context
from cleanconnect.texts import one_line
from cleanconnect.uploads import mail_picture

from .bounces import return_address
from .models import Message
from .smtp import NotNow, Outgoing, Refused, ServerTrouble, Uncertain

logger = logging.getLogger(__name__)
State = Message.State
MAX_ATTEMPTS = jobs.attempts_in(timedelta(days=3))
LEASE = timedelta(minutes=10)  # longer than the slowest conversation: a worker that is silent for so long has died
AT_A_TIME = 20
SHIFT = 45  # seconds, after which a worker that is told to stop can do so
LONGEST_PAUSE = timedelta(minutes=10)


class Undeliverable(Exception):
    """A message that may not be sent as it is, now or later; the text is for the screen."""


class Pause:
    """After trouble with the mail server this process leaves it alone: for a minute, then longer and longer."""

    troubles, until = 0, 0.0

    def begin(self, error):
        self.troubles += 1
        length = min(jobs.wait(self.troubles), LONGEST_PAUSE)
        self.until = time.monotonic() + length.total_seconds()
        logger.error("The mail server takes nothing from us: %s. All mail waits; we try again in %s.", error, length)

    def end(self):
        self.troubles, self.until = 0, 0.0

    @property
    def is_on(self):
        return time.monotonic() < self.until


pause = Pause()


def deliver(company_id, message_id):
    """Send this message, and then what else waits, of all companies in turn, over one connection and for less than a minute.

    So a company with five hundred mails holds up nobody else's, and each nudge is worth at least one mail.
    """
    if pause.is_on:
        return
    end = time.monotonic() + SHIFT
    with Outgoing() as outgoing:
        try:
            _send(company_id, message_id, outgoing)
            while time.monotonic() < end and (waiting := jobs.in_turn(Message.TASK, AT_A_TIME)):
                for company_id, message_id in waiting:
                    if time.monotonic() < end:
                        _send(company_id, message_id, outgoing)
        except ServerTrouble as error:
            pause.begin(error)


def _send(company_id, message_id, outgoing):
    """Send one message, unless it does not wait or another worker has it. Raises `ServerTrouble`, and then it has not been tried.

    No transaction is open while we talk with the mail server.
    """
    with context.company(company_id):
        attempts, message = claim(message_id)
    if message is None:
        return

    def note_that_it_goes():
        with context.company(company_id):
            Message.objects.filter(pk=message_id).update(handed_over_at=Now())

    try:
        with context.company(company_id):
            mail = build(message, company=apps.get_model("accounts", "Company").objects.get(pk=company_id))
        outgoing.send(mail, before_text=note_that_it_goes)
    except ServerTrouble as error:
        with context.company(company_id):
            _put_back(message, attempts - 1, wait=jobs.wait(1), error=_("De mailserver neemt nu niets aan; we blijven het proberen."))
        raise ServerTrouble(error) from error
    except Uncertain as error:
        outcome = _("De verbinding viel weg; mogelijk is het bericht wel aangekomen. (%(error)s)") % {"error": error}
        with context.company(company_id):
            _end(message, State.FAILED, outcome)
    except (Undeliverable, Refused) as error:
        with context.company(company_id):
            _end(message, State.FAILED, str(error))
    except (ValueError, MessageError) as error:  # a header or an address that no mail can have
        logger.warning("No mail can be made of a message", exc_info=True)
        with context.company(company_id):
            _end(message, State.FAILED, _("Van dit bericht kan geen e-mail worden gemaakt: %(error)s") % {"error": error})
    except Exception as error:
        if not isinstance(error, NotNow):
            logger.exception("A message could not be sent")
        with context.company(company_id):
            _try_later(message, attempts, str(error) or type(error).__name__)
    else:
        pause.end()
        with context.company(company_id):
            _end(message, State.SENT)


def waiting():
    """`(number, since)` of the mails of all companies that are due: how many, and since when the first (None without any)."""
    with context.all_companies():
        due = Job.objects.due().filter(task=Message.TASK).aggregate(count=Count("pk"), since=Min("due_at"))
    return due["count"], due["since"]


def claim(pk):
    """`(attempts, message)`, the message now ours to send, or None for it when it does not wait or another worker has it."""
    nothing = (0, None)
    with transaction.atomic():
        message = Message.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=pk).first()
        if message is None:
            if not Message.objects.filter(pk=pk).exists():
                Job.objects.filter(task=Message.TASK, row_id=pk).delete()
            return nothing
        job = jobs.claim(Message.TASK, pk, lease=LEASE)
        if job is None:
            return nothing
        if message.state == State.SENDING and message.handed_over_at:  # its worker died while the server had the text
            _end(message, State.FAILED, _("Het verzenden werd onderbroken; mogelijk is het bericht wel aangekomen."))
            return nothing
        message.state, message.handed_over_at = State.SENDING, None
        message.save(update_fields=["state", "handed_over_at"])
    return job.attempts, message


def _end(message, state, error=""):
    """Write down how a delivery ended."""
    Message.objects.filter(pk=message.pk).update(
        state=state, last_error=error[:300], sent_at=Now() if state == State.SENT else message.sent_at
    )
    Job.objects.filter(task=Message.TASK, row_id=message.pk).delete()


def _try_later(message, attempts, error):
    if attempts >= MAX_ATTEMPTS:
        _end(message, State.FAILED, error)
    else:
        _put_back(message, attempts, wait=jobs.wait(attempts), error=error)


def _put_back(message, attempts, *, wait, error):
    Message.objects.filter(pk=message.pk).update(state=State.QUEUED, handed_over_at=None, last_error=error[:300])
    Job.objects.filter(task=Message.TASK, row_id=message.pk).update(attempts=attempts, due_at=Now() + wait, nudged_at=None)


def build(message, *, company):
    """The mail of a message, from the company's name; a personal link is made here and stored nowhere.

    Raises `Undeliverable` when the link would reach another person than the one whose login it opens, `NotNow` when an attachment is away.
    """
    text = message.text
    if message.opens_a_login:
        if not message.is_for_its_user:
            raise Undeliverable(_("Het e-mailadres van deze login is intussen gewijzigd; deze link wordt niet meer verstuurd."))
        text = text.replace(Message.PERSONAL_LINK, import_string(settings.PERSONAL_LINK_MAKER)(message))
    pictures = [(mail_picture(name), url) for name, url in message.pictures if default_storage.exists(name)]
    links = [(f"picture-{number}", url) for number, (_data, url) in enumerate(pictures)]
    page = {"text": text, "company": company, "subject": message.subject, "language": message.language, "pictures": links}
    html = render_to_string("notifications/mail.html", page)
    sender = formataddr((one_line(company.sender_name), settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")))
    mail = EmailMultiAlternatives(
        one_line(message.subject),
        text,
        from_email=return_address(company.pk, message) or sender,
        to=[formataddr((one_line(message.to_name), message.to_email))],
        reply_to=[formataddr((one_line(company.name), company.email))] if company.email else None,
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
        try:
            with default_storage.open(stored) as file:
                mail.attach(name, file.read(), mimetypes.guess_type(name)[0])
        except FileNotFoundError:
            raise NotNow(_("De bijlage %(name)s is niet te vinden.") % {"name": name}) from None
    return mail
