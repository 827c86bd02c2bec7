"""Drawn with Pillow: the logo, and photos of damage on a car's panel."""

import io
import random

from django.core.files.base import ContentFile
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

SIZE = (1200, 900)
PAINTS = [("#101820", "#5b6876"), ("#6e1420", "#d4525f"), ("#0c2f55", "#5d94cf"), ("#8f979e", "#eef1f3"), ("#22382c", "#74957f")]


def logo():
    """A droplet and the name on the company's colour, readable on a light and a dark page."""
    big = Image.new("RGBA", (1440, 420))
    draw = ImageDraw.Draw(big)
    draw.rounded_rectangle((0, 0, 1439, 419), 96, fill="#0f5c7a")
    draw.polygon([(210, 62), (118, 222), (302, 222)], fill="white")
    draw.ellipse((108, 150, 312, 354), fill="white")
    draw.arc((150, 190, 270, 310), 100, 170, fill="#0f5c7a", width=18)
    draw.text((390, 205), "De Glans", font=ImageFont.load_default(230), fill="white", anchor="lm")
    return _file(big.resize((480, 140), Image.Resampling.LANCZOS), "PNG")


def damage(kind, seed):
    """A photo of a "scratch", a "dent" or "chips" on a panel; the same seed gives the same picture."""
    chance = random.Random(f"photo {seed}")
    picture = _panel(chance)
    {"scratch": _scratch, "dent": _dent, "chips": _chips}[kind](picture, chance)
    return _file(Image.blend(picture.filter(ImageFilter.GaussianBlur(0.8)), _grain(chance), 0.05), "WEBP")


def _panel(chance):
    """Paint that curves from light to dark, with a reflection, a seam and a handle."""
    dark, light = chance.choice(PAINTS)
    curve = ImageOps.colorize(Image.linear_gradient("L").resize(SIZE), light, dark)
    shine = Image.new("L", SIZE)
    top = chance.randint(120, 300)
    ImageDraw.Draw(shine).polygon([(0, top), (1200, top - 70), (1200, top + 20), (0, top + 120)], fill=120)
    curve.paste("white", mask=shine.filter(ImageFilter.GaussianBlur(30)))
    draw = ImageDraw.Draw(curve)
    seam = chance.choice([150, 1040])
    draw.line([(seam, 0), (seam + 24, 900)], fill="#0a0c0e", width=9)
    draw.line([(seam + 8, 0), (seam + 32, 900)], fill=light, width=3)
    handle = (seam + 70, 150, seam + 330, 205) if seam < 600 else (seam - 330, 150, seam - 70, 205)
    draw.rounded_rectangle([edge + 6 for edge in handle], 26, fill="#0a0c0e")
    draw.rounded_rectangle(handle, 26, fill=dark, outline=light, width=3)
    return curve


def _scratch(picture, chance):
    draw = ImageDraw.Draw(picture)
    for _line in range(chance.randint(2, 4)):
        x, y = chance.randint(260, 420), chance.randint(430, 600)
        points = [(x, y)]
        for _step in range(14):
            x, y = x + chance.randint(28, 48), y + chance.randint(-16, 10)
            points.append((x, y))
        width = chance.randint(2, 6)
        draw.line([(x, y + width) for x, y in points], fill="#15181b", width=width, joint="curve")
        draw.line(points, fill="#d9dcdf", width=width, joint="curve")


def _dent(picture, chance):
    x, y, r = chance.randint(450, 750), chance.randint(430, 620), chance.randint(110, 170)
    for shift, colour, strength in ((-0.25, "black", 150), (0.3, "white", 130)):
        spot = Image.new("L", SIZE)
        dy = int(r * shift)
        ImageDraw.Draw(spot).ellipse((x - r, y - r * 0.6 + dy, x + r, y + r * 0.6 + dy), fill=strength)
        picture.paste(colour, mask=spot.filter(ImageFilter.GaussianBlur(r // 4)))


def _chips(picture, chance):
    draw = ImageDraw.Draw(picture)
    for _chip in range(chance.randint(7, 12)):
        x, y, r = chance.randint(300, 900), chance.randint(400, 760), chance.randint(5, 17)
        shape = [(x + chance.randint(-r, r), y + chance.randint(-r, r)) for _corner in range(7)]
        draw.polygon(shape, fill=chance.choice(["#cfd3d6", "#8a4b24", "#b9bdc0"]), outline="#1c1f22")


def _grain(chance):
    """The grain of a camera, repeated over the picture."""
    tile = Image.frombytes("L", (200, 150), chance.randbytes(200 * 150)).filter(ImageFilter.GaussianBlur(1))
    wide = Image.new("L", SIZE)
    for x in range(0, SIZE[0], 200):
        for y in range(0, SIZE[1], 150):
            wide.paste(ImageChops.offset(tile, x // 7, y // 5), (x, y))
    return wide.convert("RGB")


def _file(picture, format):
    made = io.BytesIO()
    picture.save(made, format, quality=82, method=2)
    return ContentFile(made.getvalue())
