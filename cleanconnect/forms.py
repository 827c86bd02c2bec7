from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import ForeignKey


class TwoColumns:
    """Laid out by crispy-forms in two columns on a wide screen; long texts, choices and `wide` fields take the whole width."""

    wide = ()
    elsewhere = ()  # fields that the page shows in a place of their own

    @property
    def helper(self):
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            Div(*(Div(name, css_class=self._width(name)) for name in self.fields if name not in self.elsewhere), css_class="row")
        )
        return helper

    def _width(self, name):
        is_wide = name in self.wide or isinstance(self.fields[name].widget, forms.Textarea)
        return "col-12" if is_wide else "col-12 col-lg-6"


class CompanyForm(TwoColumns, forms.ModelForm):
    """A form for a company's row: unique names are checked within the company, archived choices are not offered."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = self._offered(name, field.queryset)
                field.empty_label = ""

    def _offered(self, name, queryset):
        """The active rows, and the one that is chosen now even when it has been archived since."""
        if name not in self._meta.fields:  # a choice that is not of the row itself
            return queryset
        if not hasattr(queryset, "active") or not isinstance(self._meta.model._meta.get_field(name), ForeignKey):
            return queryset
        now = getattr(self.instance, f"{name}_id", None)
        return queryset.active() | queryset.filter(pk=now) if now else queryset.active()

    def _get_validation_exclusions(self):
        # Django skips a unique constraint when a field of it or of its condition is not in the form; these never are.
        return super()._get_validation_exclusions() - {"company", "archived_at"}


class NamedForm(CompanyForm):
    """A form for something whose name is given once: that the name is taken is said at the name."""

    def _update_errors(self, errors):
        found = getattr(errors, "error_dict", {})
        if NON_FIELD_ERRORS in found:
            found.setdefault("name", []).extend(found.pop(NON_FIELD_ERRORS))
        super()._update_errors(errors)
