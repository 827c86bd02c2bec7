"""The personal one-time link with which someone sets the own password, and so confirms the e-mail address."""

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode


class PersonalLinkTokens(PasswordResetTokenGenerator):
    """Tokens that end with their use, with a new password or address, and after `PERSONAL_LINK_DAYS`."""

    key_salt = "accounts.links.personal_link"


tokens = PersonalLinkTokens()


def personal_link(user):
    """The full address of a fresh link; for the mail only, never stored or logged."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return settings.SITE_URL + reverse("personal-link", args=[uid, tokens.make_token(user)])
