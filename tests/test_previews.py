"""A page that confirms has nothing on it that can be changed: what is done is what was shown."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

from cleanconnect.previews import ConfirmationPage

TEMPLATES = Path(settings.BASE_DIR) / "templates"
TO_FILL_IN = re.compile(r"\|(crispy|fields?)\b|<select|<textarea|<input(?![^>]*type=\"hidden\")|{{ (form|field)\b")


def confirmation_pages():
    get_resolver().url_patterns  # noqa: B018 so that every page is loaded
    return ConfirmationPage.__subclasses__()


@pytest.mark.parametrize("page", confirmation_pages(), ids=lambda page: page.__name__)
def test_a_confirmation_page_has_no_field(page):
    assert TO_FILL_IN.findall((TEMPLATES / page.template_name).read_text()) == []


def test_a_confirming_button_stands_in_no_form_with_fields():
    confirming = [path for path in TEMPLATES.rglob("*.html") if 'name="bevestigd"' in path.read_text()]

    assert {path.name: found for path in confirming if (found := TO_FILL_IN.findall(path.read_text()))} == {}


def test_every_act_that_has_a_preview_keeps_it():
    assert {page.__name__ for page in confirmation_pages()} >= {"RaiseConfirmation", "CopyConfirmation", "ManyConfirmation"}
