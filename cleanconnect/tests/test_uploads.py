import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cleanconnect.uploads import clean_picture


def upload(picture, format, **options):
    made = io.BytesIO()
    picture.save(made, format, **options)
    return SimpleUploadedFile(f"foto.{format.lower()}", made.getvalue())


def opened(content):
    return Image.open(io.BytesIO(content.read()))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_of_a_telephone_is_made_anew_as_webp(format):
    made = opened(clean_picture(upload(Image.new("RGB", (3000, 1500), "#c33"), format), at_once=True))

    assert (made.format, made.size) == ("WEBP", (2000, 1000))


def test_a_photo_is_made_upright_and_loses_its_location():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"

    made = opened(clean_picture(upload(Image.new("RGB", (400, 200), "#c33"), "JPEG", exif=exif)))

    assert made.size == (200, 400)
    assert not made.getexif()


def bomb():
    """A PNG of a few hundred bytes that says it is 60,000 by 60,000 pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9999)) + chunk(b"IEND", b"")


def cut_off():
    whole = upload(Image.effect_noise((300, 300), 80), "JPEG").read()
    return whole[: len(whole) // 2]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"geen foto",
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        bomb(),
        cut_off(),
    ],
    ids=["empty", "text", "pdf", "svg", "gif", "bomb", "cut off"],
)
def test_what_is_no_photo_is_refused_in_dutch(content):
    with pytest.raises(ValidationError, match="foto"):
        clean_picture(SimpleUploadedFile("foto.jpg", content))


def test_a_photo_that_is_too_large_is_refused(settings):
    settings.PHOTO_MAX_BYTES = 100

    with pytest.raises(ValidationError, match="te groot"):
        clean_picture(upload(Image.new("RGB", (300, 300)), "PNG"))


def test_a_photo_with_too_many_pixels_is_refused(settings):
    settings.PHOTO_MAX_PIXELS_FLAT = 1000

    with pytest.raises(ValidationError, match="pixels"):
        clean_picture(upload(Image.new("RGB", (300, 300)), "PNG"))
