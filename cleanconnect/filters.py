from django import forms
from django.db.models.functions import Lower
from django_filters import OrderingFilter


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
