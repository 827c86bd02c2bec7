"""Who may do what stands in one table: nothing outside it compares a role, neither in code nor in a template."""

import ast
import re

import pytest
from django.conf import settings

from cleanconnect.rooms import rooms

TABLE = {  # the table of permissions, and the model that a role is a field of
    "cleanconnect/permissions.py",
    "accounts/models.py",
}
NAMES = {"OWNER", "EMPLOYEE", "CUSTOMER", "BOOKKEEPER"}
ASKS = {"filter", "exclude", "get", "get_object_or_404", "Q", "When"}


def sources():
    """The modules of all rooms but their tests and their migrations, which tell how it was."""
    for room in rooms():
        for path in sorted((settings.BASE_DIR / room.name).rglob("*.py")):
            if not {"tests", "migrations"} & set(path.parts) and str(path.relative_to(settings.BASE_DIR)) not in TABLE:
                yield path


def is_role(node):
    """Whether an expression is somebody's role, or one of the roles."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and node.slice.value == "role"
    if isinstance(node, ast.Attribute):
        owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        return node.attr == "role" or (node.attr in NAMES and owner == "Role")
    return isinstance(node, ast.Name) and node.id in NAMES


def comparisons(tree):
    """The lines where a role is compared, or where rows are chosen by one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(is_role(part) for part in [node.left, *node.comparators]):
            yield node.lineno
        if isinstance(node, ast.Match) and is_role(node.subject):
            yield node.lineno
        if isinstance(node, ast.Call) and asks_by_role(node):
            yield node.lineno


def asks_by_role(call):
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return name in ASKS and any(re.fullmatch(r"(.*__)?role(__\w+)?", keyword.arg or "") for keyword in call.keywords)


def test_no_module_outside_the_table_compares_roles():
    places = [f"{path.relative_to(settings.BASE_DIR)}:{line}" for path in sources() for line in comparisons(ast.parse(path.read_text()))]

    assert places == []


def test_no_template_compares_roles():
    templates = sorted((settings.BASE_DIR / "templates").rglob("*.html"))

    assert [str(path) for path in templates if re.search(r"\.role\b", path.read_text())] == []


@pytest.mark.parametrize(
    "line",
    [
        "if membership.role == 'owner': pass",
        "if OWNER in {membership.role}: pass",
        "if data['role'] != x: pass",
        "if x is Membership.Role.OWNER: pass",
        "rows.exclude(role=x)",
        "rows.filter(membership__role__in=x)",
        "Q(role=x)",
    ],
)
def test_a_comparison_is_seen(line):
    assert list(comparisons(ast.parse(line))) == [1]


@pytest.mark.parametrize("line", ["add_member(role=Membership.Role.OWNER)", "StatusChange.Place.CUSTOMER == place", "recipient(x, role)"])
def test_what_is_no_comparison_is_not(line):
    assert list(comparisons(ast.parse(line))) == []
