"""The key of a tablet and what it opens, as its browser does it (`static/who.js`)."""

from base64 import b64decode, b64encode
from hashlib import pbkdf2_hmac

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def public_text(key):
    """A public key as a tablet says it: SubjectPublicKeyInfo in base64."""
    return b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def unlock(key, locked):
    """What AES-GCM locked, after its nonce of 12 bytes; raises `InvalidTag` for another key."""
    return AESGCM(key).decrypt(locked[:12], locked[12:], None)


def with_pin(person, pin, locked):
    """What was locked with this PIN of a person of the tablet; raises `InvalidTag` for another PIN."""
    key = pbkdf2_hmac("sha256", pin.encode(), b64decode(person["salt"]), person["rounds"])
    return unlock(key, locked).decode()


class TabletKey:
    def __init__(self):
        self._private = rsa.generate_private_key(65537, 2048)
        self.public = self._private.public_key()
        self.text = public_text(self.public)

    def open(self, person, pin):
        """What a PIN opens on this tablet; raises `ValueError` on another tablet and `InvalidTag` for another PIN."""
        key = self._private.decrypt(b64decode(person["key"]), OAEP(MGF1(SHA256()), SHA256(), None))
        return with_pin(person, pin, unlock(key, b64decode(person["box"])))
