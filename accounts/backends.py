"""Logging in with a user name or an e-mail address."""

from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend

from .models import User


class AuthenticationBackend(AllauthBackend):
    """allauth's, but an address that one login confirmed opens the others that were given it too, by their own passwords.

    Otherwise a company that gives a stranger a login, of which he opens the link, would end his login elsewhere. Never more than a few are
    tried, so that nobody makes somebody's logging in slow by giving many logins that address.
    """

    def _authenticate_by_email(self, email, password):
        return next((user for user in User.objects.of_address(email) if self._check_password(user, password)), None)
