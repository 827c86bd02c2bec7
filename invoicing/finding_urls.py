"""Searching everything: an address of its own, outside the rooms."""

from django.urls import path

from .finding import search

urlpatterns = [path("", search, name="search")]
