"""A choice among rows that may be thousands: the page holds some of them, and a search brings the others."""

from django import forms
from django.urls import reverse

SHOWN = 50


class SearchSelect(forms.Select):
    """A select that offers at most `SHOWN` rows and the chosen one; above that a search stands over it.

    The field's queryset has a method `search(text)`. `url_name` answers htmx with the options for `?zoek=`. Without JavaScript
    what was searched goes along with the form: when it finds one row, that one is chosen, else the form comes back with what it found.
    """

    template_name = "components/search_select.html"

    def __init__(self, url_name, *, include="", attrs=None):
        super().__init__(attrs)
        self.url_name, self.include, self.searched = url_name, include, ""

    def __deepcopy__(self, memo):
        copy = super().__deepcopy__(memo)
        copy.searched = ""
        return copy

    def value_from_datadict(self, data, files, name):
        self.searched = (data.get(f"{name}_zoek") or "").strip()[:100]
        value = super().value_from_datadict(data, files, name)
        if value or not self.searched:
            return value
        found = matching(self.choices.queryset, self.searched)
        return str(found[0].pk) if len(found) == 1 else value

    def optgroups(self, name, value, attrs=None):
        chosen = {pk for pk in value if pk.isdecimal() and len(pk) < 19}
        rows = matching(self.choices.queryset, self.searched)
        self.is_long = bool(self.searched) or len(rows) > SHOWN
        rows = rows[:SHOWN]
        missing = chosen - {str(row.pk) for row in rows}
        rows = [*self.choices.queryset.filter(pk__in=missing), *rows]
        options = [("", self.choices.field.empty_label or ""), *((row.pk, str(row)) for row in rows)]
        return [(None, [self.create_option(name, pk, label, str(pk) in value, at)], at) for at, (pk, label) in enumerate(options)]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        search = {"url": reverse(self.url_name), "include": self.include, "value": self.searched}
        context["widget"]["search"] = search if self.is_long else None
        return context


class AskedOnceField(forms.ModelChoiceField):
    """A choice on which other fields depend, so that it is needed before the form is checked: its row is then not asked again."""

    def _set_queryset(self, queryset):
        self._rows = {}  # by value, of this queryset; a form's copy of the field begins with none
        super()._set_queryset(queryset)

    queryset = property(forms.ModelChoiceField._get_queryset, _set_queryset)

    def to_python(self, value):
        if value not in self._rows:
            self._rows[value] = super().to_python(value)
        return self._rows[value]


def matching(queryset, text):
    """At most `SHOWN` rows and one more, by their own order; all of them when the text is empty."""
    return list((queryset.search(text) if text else queryset)[: SHOWN + 1])
