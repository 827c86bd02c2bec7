"""The letters of a text file: which code they were written in, told by what comes out, since the file does not say it.

UTF-8 shows itself. Else é is one byte, and which one differs: Windows writes E9, DOS (Excel's CSV MS-DOS) 82, an old Mac 8E.
"""

import re

LOOKED_AT = 200_000  # bytes
CODES = ("cp1252", "cp850", "mac_roman")  # what is likeliest first: of equals the first is taken
COMMON, LESS_COMMON = set("éëïèüöÉ"), set("äáàâçêîñóôûßæøåÄÅÇÈËÖØÜ")
AROUND_WORDS = set("’‘“”€–—…«»°²½·®©™£§´\xa0")
UNUSUAL = -4
LOST = re.compile(r"[\udc80-\udcff]")  # as `surrogateescape` keeps a byte
NOT_IN_A_WORD = re.compile(r"[^\W\d_][^\w\s’'.&@/´·-][^\W\d_]")  # M”ller, Zo‰
OPENS_BEHIND_A_WORD = re.compile(r"[^\W\d_][‘“„‚«](?!\w)")  # Zo‘
CAPITAL_WITHIN = re.compile(r"[a-zß-ÿ]([À-ÞŠŽŸŒ])")  # CafŽ


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
    points = 0
    for sign in re.findall(r"[^\x00-\x7f]", text):
        if sign in COMMON:
            points += 3
        elif sign in LESS_COMMON:
            points += 2
        else:
            points += 0 if sign in AROUND_WORDS else UNUSUAL
    return points + UNUSUAL * sum(len(odd.findall(text)) for odd in (NOT_IN_A_WORD, OPENS_BEHIND_A_WORD, CAPITAL_WITHIN))
