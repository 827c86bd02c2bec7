from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cleanconnect import quotas

from . import matching
from .columns import COLUMNS
from .models import Import, Kind, column_letters
from .reading import Unreadable, max_megabytes, refuse_at_sight


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("Wat wilt u importeren?"), choices=Kind, widget=forms.Select(attrs={"class": "form-select"}))
    file = forms.FileField(
        label=_("Bestand"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".csv,.txt,.tsv,.xlsx,.xlsm,.xls,.ods"}),
        error_messages={"empty": _("Het bestand is leeg.")},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            size, most = max(1, file.size // 2**20), max_megabytes()
            raise ValidationError(
                _now("Het bestand is te groot: %(size)s MB; het maximum is %(most)s MB. Verdeel het over meer bestanden.")
                % {"size": size, "most": most}
            )
        try:
            refuse_at_sight(file.read(65536))
        except Unreadable as no:
            raise ValidationError(str(no)) from None
        quotas.take("imports")
        return file

    def save(self, *, by):
        """Keep the file; a worker reads it."""
        kind, file = self.cleaned_data["kind"], self.cleaned_data["file"]
        file.seek(0)
        made = Import(kind=kind, state=Import.State.READING, file_name=file.name[-100:], created_by=by)
        made.file.save(file.name, file, save=False)
        made.save()
        return made


MEANINGS = (
    ("", _("– zoals de rest van de kolom laat zien –")),
    (".", _("een punt: 45.000 is € 45,00")),
    (",", _("een komma: 45.000 is € 45.000,00")),
)


class ColumnsForm(forms.Form):
    """Which column of the file is which; each column of ours has a choice `kolom_…`.

    Some have a value `vast_…` for empty cells, and those with amounts a choice `punt_…` of the sign before their cents.
    """

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.found, self.columns = found, COLUMNS[found.kind]
        samples = found.sample + [""] * len(found.headers)
        options = [("", _("– niet in het bestand –"))] + [
            (str(index), f"{column_letters(index)}: {found.header(index)}" + (f" ({samples[index]})" if samples[index] else ""))
            for index in range(len(found.headers))
        ]
        mapping = found.mapping or matching.propose(found.headers, found.kind)
        defaults = found.defaults or matching.last_defaults(found.kind)
        for column in self.columns:
            self.fields[f"kolom_{column.key}"] = forms.ChoiceField(
                label=column.label,
                choices=options,
                required=False,
                initial=str(mapping.get(column.key, "")),
                widget=forms.Select(attrs={"class": "form-select"}),
            )
            if column.default is not None:
                self.fields[f"vast_{column.key}"] = forms.CharField(
                    label=_("%(column)s, als de cel leeg is") % {"column": column.label},
                    required=False,
                    max_length=60,
                    initial=defaults.get(column.key, column.default),
                    validators=[ProhibitNullCharactersValidator()],
                    widget=forms.TextInput(attrs={"class": "form-control"}),
                )
            if column.is_amount:
                self.fields[f"punt_{column.key}"] = forms.ChoiceField(
                    label=_("%(column)s, de centen staan achter") % {"column": column.label},
                    choices=MEANINGS,
                    required=False,
                    initial=found.decimal_signs.get(column.key, ""),
                    widget=forms.Select(attrs={"class": "form-select"}),
                )

    def rows(self):
        """For the screen: of each column the choice, and the value for empty cells or None, and the sign before the cents or None."""
        for column in self.columns:
            fixed, sign = f"vast_{column.key}", f"punt_{column.key}"
            yield {
                "column": column,
                "choice": self[f"kolom_{column.key}"],
                "default": self[fixed] if fixed in self.fields else None,
                "sign": self[sign] if sign in self.fields else None,
            }

    def clean(self):
        data = super().clean()
        taken = {}
        for column in self.columns:
            name = f"kolom_{column.key}"
            index = data.get(name)
            if not index:
                if column.is_required and name not in self.errors and not data.get(f"vast_{column.key}"):
                    self.add_error(name, _now("Kies de kolom met %(label)s; zonder gaat het niet.") % {"label": str(column.label).lower()})
            elif index in taken:
                self.add_error(name, _now("Deze kolom is al gekozen bij %(label)s.") % {"label": taken[index]})
            else:
                taken[index] = column.label
        if not taken and not self.errors:
            self.add_error(None, _now("Kies ten minste één kolom."))
        return data

    def save(self):
        chosen = {column.key: self.cleaned_data[f"kolom_{column.key}"] for column in self.columns}
        self.found.mapping = {key: int(index) for key, index in chosen.items() if index}
        self.found.defaults = {
            column.key: self.cleaned_data[f"vast_{column.key}"] for column in self.columns if self.cleaned_data.get(f"vast_{column.key}")
        }
        signs = {column.key: self.cleaned_data.get(f"punt_{column.key}") for column in self.columns}
        self.found.decimal_signs = {key: sign for key, sign in signs.items() if sign}
        self.found.state = Import.State.CHECKING
        self.found.save(update_fields=["mapping", "defaults", "decimal_signs", "state"])
