"""Secrets of a company, such as a key for somebody else's service, kept so that the database alone does not give them away."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """Sealed with a secret key that this server no longer has."""


def seal(text):
    """Encrypted and signed with the server's secret key, as text for a column."""
    return _boxes().encrypt(text.encode()).decode()


def unseal(sealed):
    """What was sealed, also under one of `SECRET_KEY_FALLBACKS`; raises `Unreadable`."""
    try:
        return _boxes().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _boxes():
    return MultiFernet([Fernet(_derived(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derived(key):
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"cleanconnect.sealing").derive(key.encode())
    return base64.urlsafe_b64encode(derived)
