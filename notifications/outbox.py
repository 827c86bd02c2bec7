"""Every mail is a row first, written in the transaction of what caused it."""

from cleanconnect import jobs

from . import strangers
from .models import Language, Message
from .wording import letter


def post(*, event, key, words, to_email, to_name, language=Language.DUTCH, user=None, attachments=(), pictures=(), delay=jobs.AT_ONCE):
    """Write a message and have it delivered after the commit; the same event and key give one message, however often asked.

    `words` are as in `wording.letter`; `attachments` are (name in the file storage, name in the mail), `pictures` are photos to show
    small, as (name in the file storage, where it leads). With a `delay` (a timedelta) it waits that long, and the periodic task
    delivers it.
    """
    held = strangers.wait(to_email)
    message, is_new = Message.objects.get_or_create(
        event=event,
        event_key=key,
        defaults={
            "to_email": to_email,
            "to_name": to_name,
            "user": user,
            "attachments": [list(attachment) for attachment in attachments],
            "pictures": [list(picture) for picture in pictures],
        }
        | letter(event, language, words),
    )
    if is_new:
        _hand_over(message, after=max(delay, held))
    return message


def _hand_over(message, *, after=jobs.AT_ONCE):
    from .tasks import deliver

    jobs.add(deliver, message, after=after)


def send_now(message):
    """Have a message that waits for its moment delivered after the commit."""
    _hand_over(message)


def resend(message):
    """Put a message that was sent, or could not be, in the queue again, to the address that it has now and need not have had before."""
    held = strangers.wait(message.to_email)
    message.state, message.last_error, message.handed_over_at, message.sent_at = Message.State.QUEUED, "", None, None
    message.save(update_fields=["to_email", "state", "last_error", "handed_over_at", "sent_at"])
    _hand_over(message, after=held)
