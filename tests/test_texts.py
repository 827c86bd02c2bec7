"""What people paste and attackers post, cleaned at each of the four doors; what anybody can read stays as it was."""

import pytest
from django import forms
from django.http import QueryDict
from django.test import RequestFactory

from cleanconnect.spreadsheets import harmless
from cleanconnect.texts import CleanText, clean, clean_all, one_line
from cleanconnect.xml import xml_text

READABLE = [
    "Café Zoë Ångström",
    "ñandú + Łódź",
    "محمد الأمين",
    "می‌خواهم",  # Persian needs its non-joiner
    "שלום\u200f!",  # and mixed text its mark of direction
    "क्‍ष",
    "👨‍👩‍👧‍👦 🏳️‍🌈 👩🏽‍🔧 ❤️‍🔥",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # Scotland's flag is written in tags
    "漢字かな한국어",
    "{{ 7|add:7 }} <script> %s",
    "a\u0335\u0334\u0336",
]
MORE_READABLE = [
    "Z\u032e\u031e\u0320A\u0332\u0333L\u0316\u0317GO",
    "O’Neill \"de Poetser\" & Zn. 'h'",
    "'; DROP TABLE klanten; --",
    "../../etc/passwd",
    "\\\\server\\map\\x.txt",
    "{0} {naam} %(naam)s ${7*7} #{7*7} <%= 7*7 %>",
    "</textarea></title><img src=x onerror=alert(1)>",
    '" autofocus onfocus="alert(1)',
    "javascript:alert(1)//",
    "]]> <!-- x --> <![CDATA[ &amp; &#x202e; &nbsp;",
    "https://x.example/?a=1&b=2#c",
    "NULL None undefined NaN",
    "1e309",
    "İstanbul ıslak Straẞe ﬁets",
    "Ω≈ç√∫µ≤≥÷ €µ₿",
    "１２３４ ＡＢＣ ٠١٢٣",
    "𝕿𝖍𝖊 🂡 𠜎𠜱",
    "ﷺ﷽",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk",
]


DECEIVING = [  # (typed, kept)
    ("Auto\x0bHuis", "Auto\nHuis"),
    ("een\r\ntwee\rdrie\u2028vier\u0085vijf\x0czes", "een\ntwee\ndrie\nvier\nvijf\nzes"),
    ("nul\x00 bel\x07 del\x7f c1\x9b esc\x1b[0m", "nul bel del c1 esc[0m"),
    ("a\ufffeb\uffffc\ufdd0d\U0001fffee\U0010fffff", "abcdef"),
    ("half \ud83d en \udc00", "half  en "),
    ("\u202efdp.exe\u202c \u2066x\u2069", "fdp.exe x"),
    ("jan\u200b\u2060\ufeff\u00ad\u3164sen", "jansen"),
    ("jan\u200dsen\u200c p\u200eiet\u200f", "jansen piet"),
    ("😀\u200d", "😀"),
    ("verborgen\U000e0041\U000e0042", "verborgen"),
    ("e\u0301", "é"),
]
MORE_DECEIVING = [
    ("re\u0301sume\u0301", "résumé"),
    ("smi\ud83d\ude00ley", "smiley"),
    ("pay\u2067pal\u2069", "paypal"),
    ("\x01\x02\x03x", "x"),
    ("x\u180ey\u115fz\uffa0", "xyz"),
    ("\ufff9a\ufffab\ufffbc", "abc"),
]
FORMULAS = ["=1+1", " =1+1", "\n=1", "\u200b=1", "\t=1", "\ufeff@x", "＝1+1", "＋1x", "－x", "＠x", "\r\n=1", "\x00=1", "-x", "\u00a0+x"]
NO_FORMULAS = ["+31 10 123 45 67", "-5", "- 12,50", "Jan", "a=b", " Jan", "e-mail@x"]
NASTY = [*READABLE, *(typed for typed, _kept in DECEIVING), *FORMULAS, *NO_FORMULAS]
EVERY_NASTY = [*NASTY, *MORE_READABLE, *(typed for typed, _kept in MORE_DECEIVING)]


@pytest.mark.parametrize("text", [*READABLE, *MORE_READABLE])
def test_what_can_be_read_stays_as_it_is(text):
    assert clean(text) == text
    assert one_line(text) == text


@pytest.mark.parametrize(("typed", "kept"), [*DECEIVING, *MORE_DECEIVING])
def test_what_only_deceives_or_breaks_is_gone(typed, kept):
    assert clean(typed) == kept
    assert clean(kept) == kept


def test_one_line_is_one_line():
    assert one_line("Eva\r\nBcc: derde@evil.example\tx\x0by") == "Eva Bcc: derde@evil.example x y"


def test_every_character_there_is_leaves_text_that_xml_can_hold_and_is_clean_at_once():
    everything = "".join(map(chr, range(0x110000)))

    cleaned = clean(everything)

    assert xml_text(cleaned) == cleaned
    assert clean(cleaned) == cleaned
    cleaned.encode()


def test_json_is_cleaned_to_its_leaves():
    assert clean_all({"a\x00": ["b\ud800", 1, None, {"c": "d\x0b"}]}) == {"a": ["b", 1, None, {"c": "d\n"}]}


def field_classes(kind=forms.CharField):
    yield kind
    for below in kind.__subclasses__():
        yield from field_classes(below)


NO_TEXT = {
    "IdentifierField",
    "UUIDField",
    "JSONField",
    "GenericIPAddressField",
    "SimpleArrayField",
    "HStoreField",
}  # they make something else of it
TEXT_FIELDS = sorted({kind for kind in field_classes() if not NO_TEXT & {base.__name__ for base in kind.__mro__}}, key=str)


@pytest.mark.parametrize("kind", TEXT_FIELDS, ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
def test_every_class_of_text_field_cleans_what_it_is_given(kind):
    field = kind.__new__(kind)
    forms.CharField.__init__(field, required=False)  # whatever else its own makes it ask for
    field.assume_scheme = "https"

    made = str(field.to_python("a\x00\u202e\ufffe\ud800b\r\nc"))

    assert made == clean(made)
    assert "\n" not in made
    assert made.lower().replace(" ", "").replace("https://", "").replace("http://", "").removeprefix("nl") == "abc"


def test_a_field_of_lines_keeps_its_lines():
    assert forms.CharField(widget=forms.Textarea).to_python("een\r\ntwee\x00") == "een\ntwee"


def test_what_a_view_reads_by_hand_is_clean():
    request = RequestFactory().post("/?zoek=a%00b", {"reden": ["a\u202eb", "c\x00"], "naam\x00": "x"})
    middleware = CleanText(lambda request: None)

    middleware(request)
    middleware.process_view(request, None, (), {})

    assert request.GET["zoek"] == "ab"
    assert request.POST.getlist("reden") == ["ab", "c"]
    assert request.POST["naam"] == "x"
    assert isinstance(request.POST, QueryDict)


def test_nothing_unclean_reaches_the_database(company):
    from accounts.models import Company
    from customers.models import Customer
    from notifications.models import Message
    from tests.factories import CustomerFactory

    customer = CustomerFactory(name="Ga\x00ra\ud800ge\u202e \ufffe🚗")
    Customer.objects.filter(name__in=["Gara\x00ge 🚗"]).update(city="Lei\x00den")
    message = Message.objects.create(to_name="x", to_email="x@x.example", subject="x", text="x", pictures=[["a\x00\ud800", "b"]])

    customer.refresh_from_db()
    message.refresh_from_db()
    assert (customer.name, customer.city) == ("Garage 🚗", "Leiden")
    assert message.pictures == [["a", "b"]]
    assert Company.objects.filter(name="nul\x00").count() == 0


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_takes_for_a_formula_is_defused(text):
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", NO_FORMULAS)
def test_what_is_none_is_left_alone(text):
    assert harmless(text) == text
