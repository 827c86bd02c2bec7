"""Enter does what a form is for: the browser then presses the first submit button, whatever that one does."""

from django.urls import reverse
from lxml import html

from cleanconnect.tenancy import context
from tests.factories import ServiceFactory, VehicleTypeFactory, WorkOrderFactory, WorkOrderLineFactory
from tests.forms_of_pages import _belongs, _kind
from tests.test_sent_twice import Walk


def side_acts_of_enter(page):
    """The forms of which the first submit button does something else than the one that stands out: `[(action, button)]`."""
    tree, found = html.fromstring(page.content.decode()), []
    for form in tree.iter("form"):
        buttons = [one for one in tree.iter("button", "input") if _kind(one) in {"submit", "image"} and _belongs(one, form)]
        main = [one for one in buttons if "btn-primary" in one.get("class", "")]
        if main and act(buttons[0]) != act(main[0]):
            found.append((form.get("action"), buttons[0].text_content().strip()))
    return found


def act(button):
    return [button.get(name) for name in ("name", "value", "formaction", "formmethod", "disabled")]


def test_enter_does_the_main_act_of_every_form(neighbour):
    with context.company(neighbour.company.pk):
        VehicleTypeFactory(name="Bus")

        wrong = [(name, found) for name, _address, page in Walk(neighbour).pages() if (found := side_acts_of_enter(page))]

    assert wrong == []


def test_enter_saves_the_order_of_a_known_car(owner):
    order = WorkOrderFactory(vehicle__plate="GB001B", vehicle__plate_shown="GB-001-B")
    WorkOrderLineFactory(order=order, service=ServiceFactory(group__vehicle_type=order.vehicle.type))

    page = owner.post(reverse("workorders:create-choices"), {"plate": "GB-001-B", "country": "NL", "opzoeken": "1"})

    assert "Zelfde als vorige keer" in page.content.decode()
    assert side_acts_of_enter(page) == []
