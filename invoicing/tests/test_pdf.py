import re
from decimal import Decimal
from itertools import pairwise

import pytest
from django.core.files.base import ContentFile

from cleanconnect.pdf import LOGO, STATIC, OwnFilesOnly
from invoicing import pdf
from invoicing.collecting import issue_invoice
from invoicing.words import WORDS
from notifications.models import Language
from tests.factories import WorkOrderLineFactory

from .given import buyer, finished_order

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)


def page_texts(document):
    """The text of each page, in reading order, from the boxes that WeasyPrint lays out."""
    return [" ".join(_words(page._page_box)) for page in document.pages]


def _words(box):
    if text := getattr(box, "text", None):
        yield text.replace("\xa0", " ")
    for child in getattr(box, "children", []):
        yield from _words(child)


@pytest.fixture
def invoice(owner, garage):
    order = finished_order(garage, "37.50", "12.50", by=owner.membership, on="2026-11-02")
    return issue_invoice(garage, [order], by=owner.membership)


def test_the_page_holds_all_that_the_law_asks(invoice):
    [text] = page_texts(pdf.document(invoice))

    for fact in [
        "Glans Autopoets",
        "Poetsweg 1",
        "3401 AB IJsselstein",
        "KvK 12345678",
        "btw-id NL123456782B90",
        "NL91 ABNA 0417 1643 00",
        "Garage Bakker",
        "Dorpsstraat 2",
        "1234 AB Ouderkerk",
        invoice.number,
        "2 november 2026",
        "Kauwgom verwijderen",
        invoice.lines.first().vehicle,
        "21%",
        "€ 37,50",
        "€ 50,00",
        "Btw 21% over € 50,00",
        "€ 10,50",
        "€ 60,50",
        "Pagina 1 van 1",
    ]:
        assert fact in text


def test_it_is_a_pdf_with_a_title(invoice):
    made = pdf.render(invoice)

    assert made.startswith(b"%PDF-")
    assert invoice.number in pdf.document(invoice).metadata.title


def test_many_lines_go_on_with_the_headings_and_the_number_on_every_page(owner, garage):
    order = finished_order(garage, *["10.00"] * 60, by=owner.membership)
    invoice = issue_invoice(garage, [order], by=owner.membership)

    texts = page_texts(pdf.document(invoice))

    assert len(texts) > 1
    for number, text in enumerate(texts, 1):
        assert f"Pagina {number} van {len(texts)}" in text
        assert invoice.number in text
        assert "KvK 12345678" in text
    assert "Prijs excl. btw" in texts[1]
    assert "Te betalen" in texts[-1]


def test_texts_of_people_are_text(owner, garage, seller):
    order = finished_order(garage, by=owner.membership)
    WorkOrderLineFactory(order=order, description='<img src="file:///etc/passwd"><b>Vet</b> & 🚗', unit_price=Decimal("1.00"))
    garage.name = "<script>alert(1)</script>"

    text = " ".join(page_texts(pdf.document(issue_invoice(garage, [order], by=owner.membership))))

    assert '<img src="file:///etc/passwd"><b>Vet</b> &' in text
    assert "<script>alert(1)</script>" in text


MARGIN = 18 * 96 / 25.4  # of the paper, in CSS pixels


def words_outside(document, left=0):
    """The texts that come closer to the edge of the paper than `left` pixels."""
    boxes = [(page, box) for page in document.pages for box in page._page_box.descendants() if getattr(box, "text", "").strip()]
    return [box.text for page, box in boxes if box.position_x < left - 1 or box.position_x + box.width > page.width - left + 1]


def test_long_words_stay_within_the_page(owner, seller):
    long = buyer(name="W" * 100, contact_name="ij" * 50, street="Ł" * 120, city="Q" * 80)
    order = finished_order(long, "99999.99", by=owner.membership)
    order.lines.update(description="W" * 170)

    document = pdf.document(issue_invoice(long, [order], by=owner.membership))

    assert words_outside(document) == []


@pytest.mark.parametrize("reference", ["PO4500012345KPL7731AMSTERDAM" + "W" * 32, "W" * 35, "4500012345-77-" * 4, "Ж" * 60, "漢" * 60])
def test_whatever_the_customer_calls_it_stays_within_the_margins(owner, garage, reference):
    order = finished_order(garage, "25.00", by=owner.membership)
    invoice = issue_invoice(garage, [order], by=owner.membership)
    invoice.reference, invoice.number = reference, "FACTUUR/2026/" + "W" * 17
    invoice.seller |= {"name": "W" * 60, "vat_number": "NL123456782B90", "invoice_intro": "W" * 300, "invoice_closing": "M" * 300}
    invoice.buyer |= {"name": "W" * 60, "street": "M" * 60, "city": "W" * 80}

    document = pdf.document(invoice)

    assert words_outside(document, MARGIN) == []
    first = page_texts(document)[0].replace(" ", "")
    assert {found in first for found in (reference.replace(" ", ""), invoice.number, "Vervaldatum")} == {True}


def test_the_largest_amounts_stay_in_their_columns(owner, garage):
    order = finished_order(garage, *["99999.99"] * 30, by=owner.membership)
    order.lines.update(quantity=Decimal("999.99"), discount=Decimal("12.50"))

    document = pdf.document(issue_invoice(garage, [order], by=owner.membership))

    assert words_outside(document, MARGIN) == []
    for page in document.pages:
        for row in (box for box in page._page_box.descendants() if box.element_tag == "tr"):
            cells = [box for box in row.children if box.element_tag == "td"]
            for before, after in pairwise(cells):
                ends = [box.position_x + box.width for box in before.descendants() if getattr(box, "text", "").strip()]
                starts = [box.position_x for box in after.descendants() if getattr(box, "text", "").strip()]
                assert not ends or not starts or max(ends) <= min(starts)


def test_transport_and_its_amount_are_on_one_line(owner, garage):
    order = finished_order(garage, *["9999.99"] * 60, by=owner.membership)

    document = pdf.document(issue_invoice(garage, [order], by=owner.membership))

    carried = [box for box in document.pages[1]._page_box.descendants() if getattr(box, "text", "").startswith("Transport")]
    assert next(box.text.replace("\xa0", " ") for box in carried).startswith("Transport €")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", ["Factuur", "Factuurnummer", "2 november 2026", "Btw 21% over € 50,00", "Te betalen", "Pagina 1 van 1", "Hartelijk dank"]),
        ("en", ["Invoice", "Invoice number", "2 November 2026", "VAT 21% on € 50.00", "Amount due", "Page 1 of 1", "Thank you"]),
        ("de", ["Rechnung", "Rechnungsnummer", "2. November 2026", "MwSt. 21% auf € 50,00", "Zu zahlen", "Seite 1 von 1", "Vielen Dank"]),
    ],
)
def test_it_is_in_the_language_of_the_customer(owner, garage, language, said):
    garage.language = language
    garage.save()
    order = finished_order(garage, "37.50", "12.50", by=owner.membership, on="2026-11-02")

    [text] = page_texts(pdf.document(issue_invoice(garage, [order], by=owner.membership)))

    assert [word for word in said if word not in text] == []


def test_all_words_are_there_in_every_language():
    for sentence in WORDS.values():
        values = {language: set(re.findall(r"{(\w+)}", getattr(sentence, language))) for language in Language.values}
        assert len({frozenset(found) for found in values.values()}) == 1
        assert all(getattr(sentence, language).strip() for language in Language.values)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:8000/",
        "https://example.com/a.png",
        "ftp://example.com/a",
        "data:text/plain,hallo",
        LOGO,
        STATIC,
        f"{STATIC}app.js",
        f"{STATIC}../cleanconnect/settings.py",
        f"{STATIC}vendor/inter/../../app.js",
        f"{STATIC}vendor/inter/%2e%2e/%2e%2e/app.js",
        f"{LOGO}/../x",
    ],
)
def test_any_address_but_our_own_files_is_refused(address):
    with pytest.raises(ValueError, match="not a file of our PDFs"):
        OwnFilesOnly(None).fetch(address)


def test_our_own_style_and_the_logo_are_given(company):
    company.logo.save("logo.png", ContentFile(PIXEL))
    fetcher = OwnFilesOnly(company.logo)

    assert b"@page" in fetcher.fetch(f"{STATIC}invoice_pdf.css").read()
    assert fetcher.fetch(LOGO).read() == PIXEL


def test_the_logo_takes_the_place_of_the_name_in_the_letterhead(invoice):
    before = page_texts(pdf.document(invoice))[0].count("Glans Autopoets")
    invoice.company.logo.save("logo.png", ContentFile(PIXEL))

    document = pdf.document(invoice)

    images = [box for box in document.pages[0]._page_box.descendants() if box.element_tag == "img"]
    assert [image.element.get("src") for image in images] == ["logo"]
    assert page_texts(document)[0].count("Glans Autopoets") == before - 1


def test_a_logo_that_is_lost_does_not_stop_the_invoice(invoice, company):
    invoice.company.logo = "1/logo/weg.png"

    [text] = page_texts(pdf.document(invoice))

    assert "Glans Autopoets" in text


def test_totals_are_carried_from_page_to_page(owner, garage):
    order = finished_order(garage, *["10.00"] * 60, by=owner.membership)
    invoice = issue_invoice(garage, [order], by=owner.membership)

    first, *between, last = page_texts(pdf.document(invoice))

    carried = re.search(r"Transporteren € ([\d.,]+)", first)[1]
    assert f"Transport € {carried}" in (between or [last])[0]
    assert "Transporteren" not in last
    assert "Transport €" not in first


def test_one_page_carries_nothing(invoice):
    assert "Transport" not in page_texts(pdf.document(invoice))[0]


def test_two_hundred_lines_are_printed(owner, garage):
    orders = [finished_order(garage, *["10.00"] * 10, by=owner.membership) for _order in range(20)]

    texts = page_texts(pdf.document(issue_invoice(garage, orders, by=owner.membership)))

    assert sum(text.count("Kauwgom verwijderen") for text in texts) == 200
    assert "€ 2.420,00" in texts[-1]
