"""An employee reads the screens of the hall in the own language; checklists where the owner translated them."""

import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from quality.models import ChecklistGroup, ChecklistItem
from tests.factories import ChecklistItemFactory, WorkOrderFactory

HALL = [
    "quality/_shift.html",
    "quality/check.html",
    "quality/defect_create.html",
    "quality/not_ready.html",
    "workorders/intake.html",
    "workorders/_drawing.html",
    "workorders/_photos.html",
    "workorders/_promise.html",
    "workorders/handover.html",
    "accounts/tablet_pin.html",
]
OF_THE_OFFICE = {"Stel eerst een checklist op", ", of meld de werkorder meteen gereed.", "Waarom?", "Reden om te heropenen", "Heropenen"}
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "nl"]


def catalogue(language):
    return gettext.translation("django", Path(settings.LOCALE_PATHS[0]), [language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", HALL)
def test_every_text_of_the_hall_is_translated(language, name):
    source = (Path(settings.BASE_DIR) / "templates" / name).read_text()
    found = engines["jinja"].env.extract_translations(source)
    texts = {text if isinstance(text, str) else text[0] for _line, _function, text in found}

    missing = {text for text in texts - OF_THE_OFFICE if not {text, (text, 0)} & catalogue(language)._catalog.keys()}

    assert texts
    assert missing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_was_written(language):
    folder = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES"
    written = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', (folder / "django.po").read_text(), re.MULTILINE)

    compiled = catalogue(language)

    assert len(written) > 150
    assert [text for text, translated in written if compiled.gettext(text.replace('\\"', '"')) != translated.replace('\\"', '"')] == []


@pytest.fixture
def polish(employee):
    employee.membership.language = "pl"
    employee.membership.save()
    return employee


def test_the_check_in_polish_with_the_owners_words(polish, owner):
    order, item = WorkOrderFactory(number=9000), ChecklistItemFactory(name="Velgen schoon")
    typed = {"group": item.group.pk, "name": "Velgen schoon", "name_pl": "Felgi czyste"}
    owner.post(reverse("quality:item-edit", args=[item.pk]), typed)
    owner.post(reverse("quality:group-edit", args=[item.group.pk]), {"name": item.group.name, "name_pl": "Na zewnątrz"})

    page = polish.get(reverse("quality:check", args=[order.pk]))

    assertContains(page, '<html lang="pl"')
    for text in ("Felgi czyste", "Na zewnątrz", "Kontrola jakości", "Zgłoś usterkę", "Tak"):
        assertContains(page, text)
    assertNotContains(page, "Velgen schoon")
    office = owner.get(reverse("quality:check", args=[order.pk]))
    assertContains(office, "Velgen schoon")
    assertContains(office, '<html lang="nl"')


def test_what_is_not_translated_stays_dutch(polish):
    order = WorkOrderFactory(number=9000)
    ChecklistItemFactory(name="Asbak leeg")

    assertContains(polish.get(reverse("quality:check", args=[order.pk])), "Asbak leeg")


def test_what_is_written_down_for_others_is_dutch(polish):
    order = WorkOrderFactory(number=9000)

    polish.post(reverse("quality:defect-create", args=[order.pk]), {"kind": "dent", "place": "roof"})

    assert order.defects.get().description == "Deuk, dak"


def test_an_employee_chooses_the_language(employee, owner):
    employee.post(reverse("own-language"), {"language": "de", "terug": reverse("quality:today")})

    employee.membership.refresh_from_db()
    assert employee.membership.language == "de"
    assertContains(employee.get(reverse("quality:today")), "Heute")
    assert employee.post(reverse("own-language"), {"language": "xx", "terug": "https://elders.example/"}).url == reverse("start")
    edit = reverse("accounts:edit", args=[employee.membership.pk])
    typed = {"name": "Wim", "role": "employee", "username": employee.membership.user.username, "is_active": "on", "language": "en"}
    owner.post(edit, typed)
    employee.membership.refresh_from_db()
    assert employee.membership.language == "en"


def test_a_translation_that_is_emptied_is_gone_and_one_too_long_is_refused(owner, company):
    item = ChecklistItemFactory(name="Asbak leeg", translations={"en": {"name": "Ashtray"}})
    address, typed = reverse("quality:item-edit", args=[item.pk]), {"group": item.group.pk, "name": "Asbak leeg"}

    assertContains(owner.get(address), "Ashtray")
    assert owner.post(address, typed | {"name_en": "x" * 101}).status_code == 422
    owner.post(address, typed)

    assert ChecklistItem.objects.get().translations == {}
    assert ChecklistGroup.objects.get().translations == {}
