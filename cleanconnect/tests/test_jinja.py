"""The templates: what is put in when they are compiled, their parts, and what is a fault in them."""

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.template import TemplateDoesNotExist, engines
from django.template.loader import get_template
from django.utils import translation
from jinja2 import UndefinedError

from cleanconnect.jinja import Backend

JINJA = engines["jinja"]


def shown(source, **context):
    return JINJA.from_string(source).render(context)


def test_every_template_compiles():
    names = JINJA.env.list_templates(filter_func=lambda name: not name.startswith("django/"))

    assert len(names) > 200
    for name in names:
        JINJA.env.get_template(name)


def test_each_language_has_its_own_words():
    page = JINJA.from_string('{{ _("Ja") }}')

    assert page.render() == "Ja"
    with translation.override("pl"):
        assert page.render() == "Tak"


def test_what_is_named_in_full_is_put_in_when_it_is_compiled():
    source = JINJA.env.compile('{{ icon("trash", _("Verwijderen")) }}<a href="{{ url("start") }}">', raw=True)

    assert "#trash" in source
    assert "l_0_url" not in source
    assert "l_0_icon" not in source


def test_a_part_of_a_page_is_one_of_its_blocks():
    assert get_template("workorders/overview.html#results")
    with pytest.raises(TemplateDoesNotExist):
        get_template("workorders/overview.html#geen")


def test_a_name_that_is_not_there_is_a_fault():
    for source in ("{{ geen }}", "{% if geen %}{% endif %}", "{{ niets.naam }}", "{% for een in geen %}{% endfor %}"):
        with pytest.raises(UndefinedError):
            shown(source, niets=None)
    assert shown("{{ geen|default }}{{ geen.naam.verder|default('–') }}{% if geen|default %}x{% endif %}") == "–"


@pytest.mark.parametrize("value", [Decimal("12.50"), 1.5, date(2026, 11, 29), "tekst".upper])
def test_what_python_writes_is_no_text(value):
    with pytest.raises(TypeError):
        shown("{{ value }}", value=value)


def test_served_to_people_what_is_not_there_is_empty():
    served = Backend({"NAME": "served", "DIRS": [settings.BASE_DIR / "templates"], "APP_DIRS": True, "OPTIONS": {}})

    assert served.from_string("{{ geen }}{{ niets.naam }}{{ geen.doe().iets }}{% if geen %}x{% endif %}").render({"niets": None}) == ""
