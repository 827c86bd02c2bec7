"""Logging in with a user name or an e-mail address."""

from contextlib import contextmanager
from contextvars import ContextVar

from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend

from .models import User

COMPANY_COOKIE = "bedrijf"  # the number of the company of this browser's last login
COMPANY_COOKIE_AGE = 365 * 24 * 3600


_read_already = ContextVar("read_already", default=None)


@contextmanager
def read_already(user):
    """In the block the backend need not ask for this `User`, or for none (None)."""
    token = _read_already.set(user)
    try:
        yield
    finally:
        _read_already.reset(token)


class AuthenticationBackend(AllauthBackend):
    """allauth's, with the addresses and user names that several logins may share."""

    def get_user(self, user_id):
        """The active user with this id, or None; asked for unless the request has read it together with the membership."""
        user = _read_already.get()
        if user is None or user.pk != user_id:
            return super().get_user(user_id)
        return user if self.user_can_authenticate(user) else None

    def _authenticate(self, request, **credentials):
        self._company = request.COOKIES.get(COMPANY_COOKIE, "") if request else ""
        return super()._authenticate(request, **credentials)

    def _authenticate_by_email(self, email, password):
        """An address that one login confirmed opens the others that were given it too, by their own passwords.

        Otherwise a company that gives a stranger a login, of which he opens the link, would end his login elsewhere.
        """
        return next((user for user in User.objects.of_address(email) if self._check_password(user, password)), None)

    def _authenticate_by_username(self, username, password):
        return self._check_password(User.objects.named(username, company=self._company), password)
