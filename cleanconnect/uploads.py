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

register_heif_opener()
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
SMALL = (480, 480)


def _path(instance, filename, folder):
    return f"{getattr(instance, 'company_id', instance.pk)}/{folder}/{uuid4().hex}.{filename.rpartition('.')[2].lower()}"


def company_path(folder):
    """`upload_to` for a file of a company: a folder per company and a name that cannot be guessed."""
    return partial(_path, folder=folder)


def clean_picture(upload, *, max_size=(2000, 2000), format="WEBP"):
    """A `ContentFile` with the picture made anew, at most `max_size` pixels; raises a ValidationError in Dutch.

    Its `original` is the upload as it came, location data and all, for who wants to keep that.

    Refused are files over `PHOTO_MAX_BYTES`, pictures over `PHOTO_MAX_PIXELS` (before decoding: a decompression
    bomb is small on disk), other formats than JPEG, PNG, WebP and HEIC, and files that do not decode to the end.
    """
    if upload.size > settings.PHOTO_MAX_BYTES:
        raise ValidationError(_("De foto is te groot; het maximum is %(mb)s MB.") % {"mb": settings.PHOTO_MAX_BYTES // 2**20})
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # importing WeasyPrint switches it on for the whole process
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            upload.seek(0)
            picture = Image.open(upload, formats=FORMATS)
            if picture.width * picture.height > settings.PHOTO_MAX_PIXELS:
                raise ValidationError(
                    _("De foto heeft te veel pixels; het maximum is %(mp)s megapixel.") % {"mp": settings.PHOTO_MAX_PIXELS // 10**6}
                )
            found = picture.format
            picture.draft("RGB", max_size)
            picture.load()
            picture = ImageOps.exif_transpose(picture)
            picture.thumbnail(max_size)
            made = io.BytesIO()
            picture.convert("RGBA" if picture.has_transparency_data else "RGB").save(made, format, quality=85)
    except ValidationError:
        raise
    except Image.DecompressionBombError:
        raise ValidationError(_("De foto heeft te veel pixels.")) from None
    except Exception:  # Pillow's decoders raise almost anything on a damaged file
        raise ValidationError(_("Dit bestand is geen foto die we kunnen lezen; kies een JPEG-, PNG-, WebP- of HEIC-bestand.")) from None
    upload.seek(0)
    cleaned = ContentFile(made.getvalue(), name=f"foto.{format.lower()}")
    cleaned.original = File(upload, name=f"origineel.{found.lower()}")
    return cleaned


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
