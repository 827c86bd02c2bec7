"""What every page knows of who looks is not covered by what one page is about."""

from cleanconnect.navigation import navigation
from tests.test_templates import views


def test_no_page_calls_its_row_what_every_page_calls_something_else(rf):
    kept = {*navigation(rf.get("/")), "request", "user", "messages", "perms"}
    classes = {view.view_class for view in views() if hasattr(view, "view_class")}

    rows = {}
    for page in classes:
        model = getattr(page, "model", None) or getattr(getattr(page, "queryset", None), "model", None)
        if model and hasattr(page, "get_context_object_name") and not hasattr(page, "paginate_by"):
            rows[page] = getattr(page, "context_object_name", None) or model._meta.model_name

    assert len(rows) > 20
    assert {page: name for page, name in rows.items() if name in kept} == {}
