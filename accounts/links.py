"""The personal one-time link with which someone sets the own password, and so confirms the e-mail address."""

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from .mail_events import INVITATION
from .models import Membership


class PersonalLinkTokens(PasswordResetTokenGenerator):
    """Tokens that end with their use, with a new password or address, and after `PERSONAL_LINK_DAYS`."""

    key_salt = "accounts.links.personal_link"


tokens = PersonalLinkTokens()


def link_for(message):
    """The link of a mail about a login, made when it is sent: a personal one, unless its user has a login and an own password."""
    user = message.user
    if message.event == INVITATION and user.has_own_password:
        is_asked = Membership.objects.filter(user=user, is_pending=True).exists()
        return settings.SITE_URL + reverse("invitations" if is_asked else "account_login")
    return personal_link(user)


def personal_link(user):
    """The full address of a fresh link; for the mail only, never stored or logged."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return settings.SITE_URL + reverse("personal-link", args=[uid, tokens.make_token(user)])
