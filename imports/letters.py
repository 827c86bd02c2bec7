"""The letters of a text file: which code they were written in, told by what comes out, since the file does not say it.

UTF-8 shows itself. Else é is one byte, and which one differs: Windows writes E9, DOS (Excel's CSV MS-DOS) 82, an old Mac 8E.
"""

import re
from collections import Counter

LOOKED_AT = 200_000  # bytes
CODES = ("cp1252", "cp850", "mac_roman")  # what is likeliest first: of equals the first is taken
COMMON, LESS_COMMON = set("éëïèüöÉ"), set("äáàâçêîñóôûßæøåÄÅÇÈËÖØÜ")
NO_LETTERS = set("–—…°²½·®©™£§´€\xa0")
RIGHT, UNUSUAL = 3, -4
LOST = re.compile(r"[\udc80-\udcff]")  # as `surrogateescape` keeps a byte
QUOTES = set("‘’“”«»")  # what they are worth shows from where they stand
RIGHT_QUOTES = (
    re.compile(r"(?<!\w)‘(?=\w)|(?<=\w)’|’(?=\w)"),  # at the edge of a word, or within it
    re.compile(r"(?<!\w)[“«](?=\w)[^“”«»]{1,80}(?<=[\w.!?])[”»](?!\w)"),  # a pair about words
)
ODD = (
    re.compile(r"[^\W\d_][^\w\s’'.&@/´·-][^\W\d_]"),  # a sign within a word
    re.compile(r"[^\W\d_][‘“„‚«](?!\w)"),  # a quotation mark that opens behind a word
    re.compile(r"[a-zß-ÿ][À-ÞŠŽŸŒ]|[ß-ÿ][A-Z]"),  # a capital within a word
    re.compile(r"(?<!\w)(?![àÀ])[^\W\d_a-zA-Z](?!\w)"),  # a letter by itself
)


def decode(data):
    """The text. A byte that does not belong in a text in UTF-8 stays a lone surrogate; `unreadable` finds it."""
    text = data.decode("utf-8", errors="surrogateescape")
    lost = len(LOST.findall(text))
    if lost == 0 or len(re.findall(r"[^\x00-\x7f\udc80-\udcff]", text)) > lost:
        return text
    looked_at = data[:LOOKED_AT]
    return data.decode(max(CODES, key=lambda code: likelihood(looked_at.decode(code, errors="replace"))), errors="replace")


def unreadable(cell):
    """What a cell with a byte that was lost seems to say; None when all of it can be read."""
    if not LOST.search(cell):
        return None
    return LOST.sub(lambda byte: bytes([ord(byte[0]) - 0xDC00]).decode("cp1252", errors="replace"), cell)


def likelihood(text):
    """How much this looks like names and addresses of these parts; the signs that every code shares do not count."""
    points = UNUSUAL * sum(len(odd.findall(text)) for odd in ODD)
    signs = Counter(re.findall(r"[^\x00-\x7f]", text))
    quotes = [found for right in RIGHT_QUOTES for found in right.findall(text)]
    for sign, count in signs.items():
        if sign in COMMON:
            points += RIGHT * count
        elif sign in LESS_COMMON:
            points += 2 * count
        elif sign not in NO_LETTERS | QUOTES:
            points += UNUSUAL * count
    in_place = sum(len(re.findall("[‘’“”«»]", found)) for found in quotes)
    return points + RIGHT * in_place + UNUSUAL * (sum(signs[quote] for quote in QUOTES) - in_place)
