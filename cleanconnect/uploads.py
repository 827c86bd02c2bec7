"""Pictures that people upload: checked by decoding them, made upright, and written anew without location data."""

import io
import warnings
from functools import partial
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps
from pillow_heif import register_heif_opener

from .limits import EXCEEDED
from .whole_pictures import ends

register_heif_opener()
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
SMALL = (480, 480)


def _path(instance, filename, folder):
    return f"{getattr(instance, 'company_id', instance.pk)}/{folder}/{uuid4().hex}.{filename.rpartition('.')[2].lower()}"


def company_path(folder):
    """`upload_to` for a file of a company: a folder per company and a name that cannot be guessed."""
    return partial(_path, folder=folder)


def clean_picture(upload, *, max_size=(2000, 2000), format="WEBP", at_once=False):
    """A `ContentFile` with the picture made anew, at most `max_size` pixels; raises a ValidationError in Dutch.

    Its `original` is the upload as it came, location data and all, for who wants to keep that. A picture of more than
    `PHOTO_AT_ONCE_PIXELS` costs too much to decode in a request: it comes back as it is, only looked at (`look_at`), with
    `is_waiting` for a worker to make it anew, unless that is wanted `at_once`.
    """
    kind, pixels = look_at(upload)
    upload.seek(0)
    if pixels > settings.PHOTO_AT_ONCE_PIXELS and not at_once:
        waiting = File(upload, name=f"origineel.{kind.lower()}")
        waiting.is_waiting = True
        return waiting
    cleaned = make_picture(upload, max_size=max_size, format=format)
    upload.seek(0)
    cleaned.original = File(upload, name=f"origineel.{kind.lower()}")
    return cleaned


def look_at(upload):
    """The format and the number of pixels of a picture, without decoding it; raises a ValidationError in Dutch.

    Refused are files over `PHOTO_MAX_BYTES`, other formats than JPEG, PNG, WebP and HEIC, files that stop before their end, and
    pictures with more pixels than telephones make: a decompression bomb is small on disk, and only JPEG and HEIC can be that large.
    """
    if upload.size > settings.PHOTO_MAX_BYTES:
        raise ValidationError(_("De foto is te groot; het maximum is %(mb)s MB.") % {"mb": settings.PHOTO_MAX_BYTES // 2**20})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            upload.seek(0)
            picture = Image.open(upload, formats=FORMATS)
            kind, pixels = picture.format, picture.width * picture.height
        is_whole = ends(upload, kind)
    except Image.DecompressionBombError:
        raise ValidationError(_("De foto heeft te veel pixels.")) from None
    except Exception:  # Pillow raises almost anything on a damaged file
        raise _no_photo() from None
    if not is_whole:
        raise ValidationError(_("Deze foto is niet helemaal aangekomen; kies of maak hem opnieuw."))
    most = settings.PHOTO_MAX_PIXELS if kind in ("JPEG", "MPO", "HEIF") else settings.PHOTO_MAX_PIXELS_FLAT
    if pixels > most:
        raise ValidationError(_("De foto heeft te veel pixels; het maximum is %(mp)s megapixel.") % {"mp": most // 10**6})
    return kind, pixels


def make_picture(file, *, max_size=(2000, 2000), format="WEBP"):
    """The picture decoded to its end, upright, at most `max_size` pixels and without location data; raises a ValidationError in Dutch."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # importing WeasyPrint switches it on for the whole process
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            file.seek(0)
            picture = Image.open(file, formats=FORMATS)
            picture.draft("RGB", max_size)
            picture.load()
            picture = ImageOps.exif_transpose(picture)
            picture.thumbnail(max_size)
            made = io.BytesIO()
            picture.convert("RGBA" if picture.has_transparency_data else "RGB").save(made, format, quality=85)
    except EXCEEDED:
        raise
    except Exception:  # Pillow's decoders raise almost anything on a damaged file
        raise _no_photo() from None
    return ContentFile(made.getvalue(), name=f"foto.{format.lower()}")


def _no_photo():
    return ValidationError(_("Dit bestand is geen foto die we kunnen lezen; kies een JPEG-, PNG-, WebP- of HEIC-bestand."))


def small_name(name):
    """Where the small size of a stored picture stands: beside it."""
    return f"{name.rpartition('.')[0]}.klein.webp"


def make_small(name):
    """Write the small size of a stored picture (at most `SMALL` pixels), once; a picture that is gone has none."""
    if default_storage.exists(small_name(name)) or not default_storage.exists(name):
        return
    with default_storage.open(name) as file, Image.open(file) as picture:
        picture.thumbnail(SMALL)
        made = io.BytesIO()
        picture.save(made, "WEBP", quality=80)
    default_storage.save(small_name(name), ContentFile(made.getvalue()))


def mail_picture(name):
    """A stored picture as a small JPEG, which every mail programme shows (WebP is not)."""
    with default_storage.open(name) as file, Image.open(file) as picture:
        picture.thumbnail(SMALL)
        made = io.BytesIO()
        picture.convert("RGB").save(made, "JPEG", quality=80)
    return made.getvalue()


def delete_picture(name):
    """Delete a stored picture with its small size."""
    for one in (name, small_name(name)):
        default_storage.delete(one)
