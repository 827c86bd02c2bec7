"""The tablets of the hall: paired once with a code by the owner, then opened by tapping a name and four digits."""

import re
import secrets
from base64 import b64decode, b64encode
from datetime import timedelta
from hashlib import pbkdf2_hmac, sha256

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from .models import Membership, Tablet

CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike
CODE_LENGTH = 8
CODE_VALID = timedelta(minutes=15)
MOST_WRONG = 5
KEY_BITS, NONCE_BYTES = 2048, 12
PADDING = OAEP(MGF1(SHA256()), SHA256(), None)  # RSA-OAEP with SHA-256 of the browsers


def hashed(text):
    return sha256(text.encode()).hexdigest()


def new_code(tablet):
    """Give the tablet a fresh code to pair it with, and return it as it is typed: the company's number and eight signs."""
    signs = "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))
    tablet.code_hash, tablet.code_expires_at = hashed(signs), timezone.now() + CODE_VALID
    tablet.save()
    return f"{tablet.company_id}-{signs[:4]}-{signs[4:]}"


def read_code(text):
    """`(company id, signs)` of a typed code in any spelling, or None."""
    found = re.fullmatch(r"(\d{1,9})[\s-]+([0-9A-Z]{4})[\s-]*([0-9A-Z]{4})", text.strip().upper())
    return (int(found[1]), found[2] + found[3]) if found else None


@transaction.atomic
def pair(signs):
    """Pair the tablet that this code was made for, within its company; returns `(tablet, key)`, or None. A code works once."""
    waiting = Tablet.objects.active().filter(code_hash=hashed(signs), code_expires_at__gt=timezone.now())
    tablet = waiting.select_for_update(no_key=True).first()
    if tablet is None:
        return None
    key = secrets.token_urlsafe(32)
    tablet.key_hash, tablet.code_hash, tablet.public_key = hashed(key), "", ""
    tablet.paired_at = tablet.seen_at = timezone.now()
    tablet.save()
    return tablet, key


def paired(pk, key):
    """The tablet that holds this key, within its company, or None; one that was revoked is none."""
    return Tablet.objects.active().filter(pk=pk, key_hash=hashed(key)).first()


def revoke(tablet):
    """End the tablet's access at once, and all that was sealed for it."""
    tablet.revoked_at, tablet.key_hash, tablet.code_hash, tablet.public_key = timezone.now(), "", "", ""
    tablet.save()


def read_public_key(text):
    """The public half of a key that a tablet made (SubjectPublicKeyInfo in base64): RSA, 2048 bits; raises `ValueError`."""
    try:
        key = load_der_public_key(b64decode(text, validate=True))
    except UnsupportedAlgorithm as why:
        raise ValueError(why) from None
    if not isinstance(key, RSAPublicKey) or key.key_size != KEY_BITS or key.public_numbers().e != 65537:
        raise ValueError("not a key of a tablet")
    key.encrypt(b"", PADDING)  # not every number is a key
    return key


def bind(tablet, public_key):
    """Whether what this tablet keeps is sealed for this public key from now on; a pairing has one, the first."""
    Tablet.objects.filter(pk=tablet.pk, public_key="").update(public_key=public_key)
    tablet.refresh_from_db(fields=["public_key"])
    return tablet.public_key == public_key


def people():
    """Those who open a tablet with a PIN, by name."""
    return Membership.objects.active().who_may("own_pin").exclude(pin="").select_related("user").order_by("name")


def set_pin(membership, pin, *, is_own=False):
    """Give someone four digits, and let a locked name in again; `is_own` when the holder of the login chose them."""
    membership.pin_is_own = is_own
    membership.pin, membership.pin_failures, membership.offline_key = make_password(pin), 0, _offline_key(pin)
    membership.save(update_fields=["pin", "pin_is_own", "pin_failures", "offline_key"])


def must_choose_own_pin(membership):
    """Whether only the holder of this login may choose the PIN: somebody of other companies too, or who has still to come in."""
    return membership.is_waiting or membership.user.is_member_elsewhere(membership.company_id)


def opens_with_pin(membership):
    """Whether the PIN counts: one that a company gave ends when its holder becomes a member of another company."""
    return membership.pin_is_own or not must_choose_own_pin(membership)


def _offline_key(pin):
    salt = secrets.token_bytes(16)
    key = pbkdf2_hmac("sha256", pin.encode(), salt, settings.PIN_ROUNDS)
    return f"{settings.PIN_ROUNDS}.{b64encode(salt).decode()}.{b64encode(key).decode()}"


def _locked(key, content):
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, None)


def sealed(person, text, public_key):
    """A text that only this person's PIN opens, and only on the tablet of this public key, also without a connection.

    Returns `{"pk", "name", "rounds", "salt", "key", "box"}`, the last three in base64. The box is locked twice, each time as a nonce of
    12 bytes and what AES-GCM makes: inside with the key that PBKDF2-SHA256 makes of the PIN, around it with one of its own that
    RSA-OAEP wraps for the tablet (`key`). So who copies it has no box to try PINs on.
    """
    rounds, salt, pin_key = person.offline_key.split(".")
    key = AESGCM.generate_key(256)
    box = _locked(key, _locked(b64decode(pin_key), text.encode()))
    shown = {"key": b64encode(public_key.encrypt(key, PADDING)).decode(), "box": b64encode(box).decode()}
    return {"pk": person.pk, "name": person.name, "rounds": int(rounds), "salt": salt} | shown


@transaction.atomic
def enter(pk, pin):
    """`(membership, attempts left)` for who taps a name and types four digits; the membership is None when they are wrong.

    Five wrong in a row lock the name until the owner gives a new PIN. Nothing is raised, so that the count is kept.
    """
    person = people().select_for_update(no_key=True, of=["self"]).filter(pk=pk).first()
    if person is None or person.pin_failures >= MOST_WRONG or not opens_with_pin(person):
        return None, 0
    is_right = check_password(pin, person.pin)
    person.pin_failures = 0 if is_right else person.pin_failures + 1
    if is_right and not person.offline_key:  # a PIN from before this existed
        person.offline_key = _offline_key(pin)
    person.save(update_fields=["pin_failures", "offline_key"])
    return (person if is_right else None), MOST_WRONG - person.pin_failures
