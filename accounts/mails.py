"""The mails about logging in, one function per event."""

from django.conf import settings
from django.utils import timezone

from notifications.models import Message
from notifications.outbox import post


def invitation(membership):
    """Inloggegevens: user name, address, and the personal link where the own password is still to be set."""
    _about_login(membership, event=Message.Event.INVITATION, template="accounts/mail/invitation")


def password_reset(membership):
    """Wachtwoord vergeten: the personal link once more."""
    _about_login(membership, event=Message.Event.PASSWORD_RESET, template="accounts/mail/password_reset")


def _about_login(membership, *, event, template):
    user = membership.user
    post(
        event=event,
        key=f"{membership.pk}:{timezone.now().timestamp()}",
        template=template,
        context={
            "membership": membership,
            "company": membership.company,
            "user": user,
            "needs_password": not user.has_usable_password() or user.must_change_password or not user.email_confirmed_at,
            "login_url": settings.SITE_URL + "/klantlogin/",
            "days": settings.PERSONAL_LINK_DAYS,
        },
        to_email=user.email,
        to_name=membership.name,
        user=user,
    )
