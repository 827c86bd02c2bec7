import pytest

from tests.factories import ChecklistItemFactory


@pytest.fixture
def item(company):
    """The only item of the checklist."""
    return ChecklistItemFactory(name="Velgen schoon", group__name="Exterieur")
