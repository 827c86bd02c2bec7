"""Enter does what a form is for: the browser then presses the first submit button, whatever that one does."""

from django.urls import reverse
from lxml import html

from cleanconnect.tenancy import context
from tests.factories import MembershipFactory, ServiceFactory, VehicleTypeFactory, WorkOrderFactory, WorkOrderLineFactory
from tests.forms_of_pages import _belongs, kind_of
from tests.walk_of_pages import Walk


def side_acts_of_enter(page):
    """The forms of which the first submit button does something else than the one that stands out: `[(action, button)]`."""
    tree, found = html.fromstring(page.content.decode()), []
    for form in tree.iter("form"):
        buttons = [one for one in tree.iter("button", "input") if kind_of(one) in {"submit", "image"} and _belongs(one, form)]
        main = [one for one in buttons if "btn-primary" in one.get("class", "")]
        if main and act(buttons[0]) != act(main[0]):
            found.append((form.get("action"), buttons[0].text_content().strip()))
    return found


def test_enter_plans_an_order_and_looks_again_where_something_speaks_against_it(owner):
    order, wim = WorkOrderFactory(), MembershipFactory(role="employee")
    address = reverse("workorders:plan", args=[order.pk])
    sent = {"version": order.version, "planned_on": "2030-01-07", "planned_minutes": "6000", "assigned": wim.pk}

    asked, doubted = owner.get(address), owner.post(address, sent)

    assert side_acts_of_enter(asked) == []
    assert doubted.context["against"]
    first, *_, danger, again = [
        button for button in html.fromstring(doubted.content.decode()).iter("button") if _is_of_plan(button, address)
    ]
    assert act(first) == act(again) != act(danger)


def _is_of_plan(button, address):
    return any(form.get("action") == address for form in button.iterancestors("form"))


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
