"""The Dutch manual, step by step and in its words, by a new company in a real browser; and what its first page promises.

Menu item, tab, fields, *Opslaan*, and the check under *Overzicht*.
"""

import re
from email.utils import parseaddr

import pytest
from django.core import mail
from PIL import Image
from playwright.sync_api import expect

from tests.browser.walking import Walk, eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def walk(page, site, worker):
    return Walk(page, site)


def mail_to(address, subject=""):
    """The newest mail to an address, as soon as the worker has sent it."""
    return eventually(
        lambda: next(
            (message for message in reversed(mail.outbox) if parseaddr(message.to[0])[1] == address and subject in message.subject), None
        )
    )


def test_the_manual_from_signing_up_to_the_invoice(walk, page, context, browser, tmp_path):
    # Aanmelden en stap 1: inloggen
    walk.go("/")
    page.get_by_role("link", name="Bedrijf aanmelden").first.click()
    walk.fill(bedrijfsnaam="Autopoetsbedrijf De Parel", uw_naam="Petra Parel", e_mailadres="petra@parel.example")
    page.get_by_role("button", name="Aanmelden").click()
    expect(page.get_by_role("heading", name="Uw bedrijf is aangemeld")).to_be_visible()
    invitation = mail_to("petra@parel.example")
    page.goto(re.search(r"\S+/wachtwoord-instellen/\S+", invitation.body)[0])
    page.get_by_label("Nieuw wachtwoord", exact=False).first.fill("de-parel-glanst-9")
    page.get_by_label("Nieuw wachtwoord, nog een keer").fill("de-parel-glanst-9")
    page.get_by_role("button", name="Opslaan", exact=True).click()

    walk.go("/")
    page.get_by_role("link", name="klantlogin").click()
    walk.fill(gebruikersnaam_of_e_mailadres="petra@parel.example", wachtwoord="de-parel-glanst-9")
    page.get_by_role("main").get_by_role("button", name="Inloggen").click()

    # Stap 2, Gebruikers
    walk.menu("Gebruikers").tab("Aanmaken")
    walk.fill(naam="Wim Werknemer", gebruikersnaam="wim", wachtwoord="wim-begint-hier-1").choose("Rol", "Werknemer").save()
    expect(page.get_by_text("wim-begint-hier-1")).to_be_visible()
    walk.menu("Gebruikers").tab("Overzicht").sees("Wim Werknemer")

    # Klantbestand
    walk.menu("Klantenbeheer").tab("Aanmaken type").fill(naam="Zakelijk").save()
    walk.menu("Klantenbeheer").tab("Overzicht type").sees("Zakelijk")
    walk.menu("Klantenbeheer").tab("Aanmaken")
    walk.choose("Type klant", "Zakelijk")
    walk.fill(naam="Dealer De Vries", e_mailadres="inkoop@devries.example", wachtwoord="devries-begint-1")
    walk.fill(postcode="1234ab", huisnummer="1", straat="Dorpsstraat", plaats="Ons Dorp").save()
    expect(page.get_by_text("devries-begint-1")).to_be_visible()
    walk.menu("Klantenbeheer").tab("Overzicht").sees("Dealer De Vries")
    assert "devries-begint-1" not in mail_to("inkoop@devries.example").body

    # Voertuigen
    walk.menu("Voertuigen").tab("Aanmaken").fill(naam="Auto standaard").save()
    walk.menu("Voertuigen").tab("Overzicht").sees("Auto standaard")

    # Standaard handeling
    walk.menu("Werkzaamheden").tab("Groepen aanmaken")
    walk.choose("Soort voertuig", "Auto standaard").fill(naam_van_de_groep="Interieur").save()
    walk.menu("Werkzaamheden").tab("Groepen overzicht").choose("Soort voertuig", "Auto standaard").sees("Interieur")
    for service, price in (("Kauwgom verwijderen", "12,50"), ("Stofzuigen", "37,50")):
        walk.menu("Werkzaamheden").tab("Aanmaken")
        walk.choose("Soort voertuig", "Auto standaard").choose("Groep", "Interieur")
        walk.fill(handeling=service, prijs=price).save()
    walk.menu("Werkzaamheden").tab("Overzicht").choose("Soort voertuig", "Auto standaard")
    page.get_by_role("link", name="Groep laden").or_(page.get_by_role("button", name="Groep laden")).first.click()
    walk.sees("Kauwgom verwijderen").sees("€\xa012,50")

    # Prijsbeheer
    walk.menu("Klantenbeheer").tab("Overzicht")
    page.get_by_role("link", name="Dealer De Vries bewerken").click()
    page.get_by_role("link", name="Prijsbeheer").click()
    walk.choose("Soort voertuig", "Auto standaard")
    page.get_by_label(re.compile("Stofzuigen")).fill("30,00")
    walk.save()

    # Kwaliteitscheck
    walk.menu("Kwaliteitscheck").tab("Groepen aanmaken").fill(naam_van_de_groep="Interieur").save()
    walk.menu("Kwaliteitscheck").tab("Groepen overzicht").sees("Interieur")
    for item in ("Kauwgom verwijderd", "Gestofzuigd"):
        walk.menu("Kwaliteitscheck").tab("Aanmaken").choose("Groep", "Interieur")
        walk.fill(werkzaamheid=item, korte_beschrijving="Ook onder de stoelen").save()
    walk.menu("Kwaliteitscheck").tab("Overzicht")
    page.get_by_role("link", name="Groep laden").or_(page.get_by_role("button", name="Groep laden")).first.click()
    walk.sees("Kauwgom verwijderd")

    # Stap 3: de werkorder
    walk.menu("Werkorders").tab("Aanmaken")
    walk.choose("Soort klant", "Zakelijk").choose("Naam van de klant", "Dealer De Vries").choose("Soort voertuig", "Auto standaard")
    walk.fill(kenteken="gb001k", merk="Volvo", type="V60")
    page.get_by_label(re.compile("Kauwgom verwijderen")).check()
    page.get_by_label(re.compile("Stofzuigen")).check()
    expect(page.locator("#total")).to_contain_text("€\xa042,50")
    expect(page.locator("#total")).to_contain_text("€\xa051,43")
    walk.fill(notitie_voor_de_werknemer="Let op de hondenharen", opmerking_voor_de_klant="Graag voor vijf uur halen")
    walk.choose("Status", "Ingepland").today("Datum van behandeling").save()
    walk.menu("Werkorders").tab("Overzicht").sees("GB-001-K")
    for text in ("gb-001-k", "B001", "de vries"):
        page.get_by_label("Zoeken").fill(text)
        expect(page.locator("#results")).to_contain_text("GB-001-K")
    page.get_by_label("Zoeken").fill("onvindbaar")
    expect(page.locator("#results")).to_contain_text("Geen werkorders gevonden")

    # De werknemer in de hal
    walk.log_out().log_in("wim", "wim-begint-hier-1")
    page.get_by_label("Nieuw wachtwoord", exact=False).first.fill("wim-poetst-graag-2")
    page.get_by_label("Nieuw wachtwoord, nog een keer").fill("wim-poetst-graag-2")
    walk.save()
    walk.sees("GB-001-K").sees("Let op de hondenharen")
    expect(page.get_by_text("€")).to_have_count(0)
    page.get_by_role("link", name=re.compile("GB-001-K")).first.click()
    expect(page.get_by_role("button", name="Ja")).to_have_count(2)
    page.get_by_role("button", name="Ja").first.click()
    expect(page.get_by_text(re.compile("Wim Werknemer")).first).to_be_visible()
    page.get_by_role("button", name="Nee").last.click()
    page.get_by_role("link", name="Mankement melden").last.click()
    photo = tmp_path / "kras.jpg"
    Image.new("RGB", (640, 480), "#888").save(photo)
    walk.fill(omschrijving="Kras op het portier")
    page.get_by_label("Foto").set_input_files(photo)
    page.get_by_role("button", name=re.compile("melden|Opslaan", re.I)).last.click()
    walk.sees("Kras op het portier")
    assert "Kras op het portier" in mail_to("inkoop@devries.example", "GB-001-K").body
    page.get_by_role("button", name="Gereed").click()
    expect(page.get_by_role("heading", name="Vandaag", exact=True)).to_be_visible()

    # De eigenaar zoekt het voertuig op en factureert
    walk.log_out().log_in("petra@parel.example", "de-parel-glanst-9")
    walk.menu("Voertuigen").tab("Opzoeken")
    page.get_by_role("main").get_by_role("searchbox").fill("gb 001 k")
    page.get_by_role("main").get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name=re.compile("GB-001-K")).first.click()
    walk.sees("Kauwgom verwijderen").sees("Wim Werknemer").sees("Kras op het portier")
    walk.go("/bedrijf/")
    walk.fill(straat_en_huisnummer="Poetslaan 2", postcode="1234 AB", plaats="Glansdorp", kvk_nummer="12345678")
    walk.fill(btw_id="NL000099998B57", iban="NL91ABNA0417164300").save()
    walk.menu("Facturen").tab("Te factureren").sees("Dealer De Vries")
    page.get_by_role("main").get_by_role("button", name="Factureren").first.click()
    expect(page.get_by_role("status")).to_contain_text("0001")
    walk.menu("Facturen").tab("Overzicht").sees("-0001").sees("€\xa051,43")
    invoice = mail_to("inkoop@devries.example", "actuur")
    assert invoice.attachments[0][1].startswith(b"%PDF")

    # De klant ziet de eigen order en factuur, en niets anders
    walk.log_out().log_in("inkoop@devries.example", "devries-begint-1")
    page.get_by_label("Nieuw wachtwoord", exact=False).first.fill("devries-kijkt-mee-3")
    page.get_by_label("Nieuw wachtwoord, nog een keer").fill("devries-kijkt-mee-3")
    walk.save()
    walk.menu("Werkorders").sees("GB-001-K")
    walk.menu("Facturen").sees("-0001")
    expect(page.get_by_role("link", name="Gebruikers")).to_have_count(0)
