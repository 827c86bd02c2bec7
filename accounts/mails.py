"""The mails about logging in, one function per event."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from notifications.models import Language, Message
from notifications.outbox import post

from .mail_events import BEGIN, INVITATION, PASSWORD_RESET

LINKS_AN_HOUR = 3


def invitation(membership):
    """Inloggegevens: the same text for everybody, so that it tells no owner who has a login elsewhere; its link is made for its reader."""
    how = BEGIN(days=settings.PERSONAL_LINK_DAYS, link=Message.PERSONAL_LINK)
    _about_login(membership, event=INVITATION, adres=settings.SITE_URL + "/klantlogin/", inloggen=how)


def password_reset(membership):
    """Wachtwoord vergeten: the personal link once more."""
    _about_login(membership, event=PASSWORD_RESET, dagen=settings.PERSONAL_LINK_DAYS, link=Message.PERSONAL_LINK)


def has_enough_links(user):
    """Whether this company mailed this person so many links in the last hour that one more would only fill the mailbox."""
    lately = timezone.now() - timedelta(hours=1)
    return Message.objects.filter(user=user, event=PASSWORD_RESET, created_at__gt=lately).count() >= LINKS_AN_HOUR


def _about_login(membership, *, event, **words):
    user = membership.user
    post(
        event=event,
        key=f"{membership.pk}:{timezone.now().timestamp()}",
        words={"naam": membership.name, "bedrijf": membership.company.name, "gebruikersnaam": user.login_name} | words,
        language=membership.customer.language if membership.customer else Language.DUTCH,
        to_email=user.email,
        to_name=membership.name,
        user=user,
    )
