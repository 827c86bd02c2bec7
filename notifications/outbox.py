"""Every mail is a row first, written in the transaction of what caused it."""

from datetime import timedelta

from django.utils import timezone

from cleanconnect.tasks import nudge
from cleanconnect.tenancy.context import current_company_id

from .models import Language, Message
from .wording import letter

NOW = timedelta(0)


def post(*, event, key, words, to_email, to_name, language=Language.DUTCH, user=None, attachments=(), pictures=(), delay=NOW):
    """Write a message and have it delivered after the commit; the same event and key give one message, however often asked.

    `words` are as in `wording.letter`; `attachments` are (name in the file storage, name in the mail), `pictures` are photos to show
    small, as (name in the file storage, where it leads). With a `delay` (a timedelta) it waits that long, and the periodic task
    delivers it.
    """
    message, is_new = Message.objects.get_or_create(
        event=event,
        event_key=key,
        defaults={
            "to_email": to_email,
            "to_name": to_name,
            "user": user,
            "attachments": [list(attachment) for attachment in attachments],
            "pictures": [list(picture) for picture in pictures],
            "next_attempt_at": timezone.now() + delay,
        }
        | letter(event, language, words),
    )
    if is_new and not delay:
        hand_over(message)
    return message


def hand_over(message):
    """Tell a worker that this message waits."""
    from .tasks import deliver

    nudge(deliver, current_company_id(), message.pk)


def resend(message):
    """Put a message that was sent, or could not be, in the queue again."""
    message.state, message.attempts, message.last_error = Message.State.QUEUED, 0, ""
    message.next_attempt_at = message.created_at
    message.save(update_fields=["state", "attempts", "last_error", "next_attempt_at"])
    hand_over(message)
