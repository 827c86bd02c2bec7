from django import forms
from django.db.models.functions import Lower
from django_filters import DateFilter, OrderingFilter

from .days import on_days


class FirstDay(DateFilter):
    """Of a period, on a field that is a moment."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)

    def filter(self, queryset, value):
        return queryset.filter(self.on(value)) if value else queryset

    def on(self, day):
        return on_days(self.field_name, first=day)


class LastDay(FirstDay):
    def on(self, day):
        return on_days(self.field_name, last=day)


class Sorting(OrderingFilter):
    """`?sorteren=`: names (`text`) without regard to case, and equal rows in one order, so that pages never overlap."""

    def __init__(self, *, text, fields=None, **kwargs):
        self.text = text
        super().__init__(fields=text | (fields or {}), widget=forms.HiddenInput, **kwargs)

    def get_ordering_value(self, param):
        name = super().get_ordering_value(param).removeprefix("-")
        expression = Lower(name) if name in self.text else name
        if param.startswith("-"):
            return expression.desc() if name in self.text else f"-{name}"
        return expression

    def filter(self, queryset, value):
        return super().filter(queryset, [*value, "pk"] if value else value)
