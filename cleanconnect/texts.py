"""Text that comes in, cleaned once and everywhere; and text that goes out, held to what its format allows.

Four doors, so that nothing has to remember it: `CleanText` (what a browser or tablet sends, read by hand too), `clean_fields` (what a
form makes of a field), `imports.values` (a cell of a file) and the database's connection (all that is ever stored, whatever wrote it).
What writes XML (`cleanconnect/xml.py`), mail headers and calendars cleans again, for issued invoices that were frozen before.
"""

import re
import unicodedata

from django import forms

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")  # Word's soft return is a vertical tab
_UNREADABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters
    "\ud800-\udfff\ufdd0-\ufdef"  # halves of a character; noncharacters (Unicode 23.7)
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "\u202a-\u202e\u2066-\u206f"  # what turns the reading direction of others' letters (CVE-2021-42574)
    "\u00ad\u180e\u200b\u2060-\u2065\ufeff\ufff9-\ufffb\u115f\u1160\u3164\uffa0]"  # what nobody sees, but a search does
)
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\U000e0000-\U000e007f]")  # in a flag, such as Scotland's; else unseen
_SHAPED = "[\u0590-\u1dff\u2100-\U0010ffff]"  # scripts and pictures that a joiner shapes; Latin, Greek and Cyrillic are not
_JOINERS = re.compile(f"(?<!{_SHAPED})[\u200c\u200d]|[\u200c\u200d](?!{_SHAPED})")
_MARKS = re.compile("[\u200e\u200f\u061c]")  # of direction, which mixed text needs
_RIGHT_TO_LEFT = re.compile("[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


def clean(text):
    """The text without what no person types or reads: control characters, noncharacters, bidi overrides, invisible spaces.

    Line ends become `\\n` and letters are composed (NFC). Every script, right to left too, and every emoji stays as it reads.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _TAGS.sub(r"\1", _UNREADABLE.sub("", _LINE_ENDS.sub("\n", text)))
    if not _RIGHT_TO_LEFT.search(text):
        text = _MARKS.sub("", text)
    text = _JOINERS.sub("", text)
    return unicodedata.normalize("NFC", text)


def one_line(text):
    """`clean` for what stands on one line, such as a name or a mail's header: each line end and tab is a blank."""
    return re.sub(r" *[\n\t]\s*", " ", clean(text))


def file_name(text):
    """The text as the name of a file that every system takes: an invoice number may have a slash."""
    return re.sub(r'[/\\:*?"<>|]+', "-", one_line(text)).strip(". ")


def clean_all(value):
    """What JSON can hold, with every text in it clean, names too."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean_all(name): clean_all(content) for name, content in value.items()}
    if isinstance(value, list | tuple):
        return [clean_all(content) for content in value]
    return value


class CleanText:
    """Middleware: cleans the query string and what is posted, so that also a view that reads them by hand meets only clean text."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.GET = _cleaned(request.GET)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method == "POST":  # not before: a body that is too large is refused by who checks the CSRF token
            request.POST = _cleaned(request.POST)


def _cleaned(sent):
    if all(text.isascii() and text.isprintable() for name, texts in sent.lists() for text in (name, *texts)):
        return sent
    cleaned = sent.copy()
    cleaned.clear()
    for name, texts in sent.lists():
        cleaned.setlist(clean(name), [clean(text) for text in texts])
    cleaned._mutable = False
    return cleaned


def clean_fields():
    """Make every form's text field clean what it is given: of our forms, of Django's, allauth's and the filters', those to come too.

    Django has no place to say this once; a field class of ours would miss each field that a library or a model makes.
    """
    to_python = forms.CharField.to_python

    def cleaned(field, value):
        if isinstance(value, str):
            value = (clean if isinstance(field.widget, forms.Textarea) else one_line)(value)
        return to_python(field, value)

    forms.CharField.to_python = cleaned
