"""Every page that a view names is there."""

from django.template.loader import get_template
from django.urls import get_resolver
from django.views.generic.base import TemplateResponseMixin

from cleanconnect.rooms import rooms


def views(resolver=None):
    """Every view of every address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from views(pattern)
        else:
            yield pattern.callback


def test_every_class_of_a_view_names_a_template_that_exists():
    classes = {view.view_class for view in views() if hasattr(view, "view_class")}
    ours = [one for one in classes if one.__module__.split(".")[0] in {room.name for room in rooms()}]
    pages = [one for one in ours if issubclass(one, TemplateResponseMixin)]
    names = {getattr(page, name) for page in pages for name in dir(page) if name.endswith("template_name") or name == "needs_template"}

    assert len(names) > 20
    for name in names - {None}:
        get_template(name)
