"""Each form of each page, with each of its fields wrong, gives a message that is seen, and keeps what was typed."""

import re
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from lxml import html

from cleanconnect.tenancy import context
from tests.factories import MembershipFactory
from tests.isolation.addresses import addresses
from tests.walk_of_pages import (
    Walk,
    can_do_everything,
    forms_of,
    paired_tablet,
    paths_in_other_states,
    rows_in_other_states,
    what_a_person_chooses,
    with_a_second_step,
)
from tests.wrong_fields import Screen, errors_of, fields_of, is_seen, missing, noticed, wrongs

FORM = re.compile(r'<form\b([^>]*method="post"[^>]*)>(.*?)</form>', re.DOTALL)
GOES_TO = re.compile(r'action="\{\{ url\("([\w:-]+)"')
FILLED_IN = re.compile(r'<(?:select|textarea|input\b(?![^>]*type="hidden"))|\|crispy|\|field\b|\bform\.|include')


def walks(neighbour):
    """`{who: the walk of who}`."""
    rows = rows_in_other_states(neighbour)
    can_do_everything(neighbour)
    customer = neighbour.row("Customer")
    paths = [
        reverse("workorders:set-status-because", args=[rows["order"].pk, "cancelled"]),
        reverse("customer-merge", args=[customer.pk]) + f"?met={rows['customer'].pk}&blijft={rows['customer'].pk}",
    ]
    everywhere = {"addresses": addresses(), "rows": rows.values()}
    login = MembershipFactory(role="customer", customer=customer)
    return {
        **with_a_second_step(neighbour),
        "owner": Walk(neighbour, **everywhere, paths=paths + paths_in_other_states(neighbour, rows)),
        "employee": Walk(neighbour, MembershipFactory(role="employee"), **everywhere),
        "customer": Walk(neighbour, login, **everywhere),
        "nobody": Walk(neighbour, None, **everywhere),
        "tablet": paired_tablet(Walk(neighbour, None, **everywhere), neighbour.row("Tablet")),
    }


def test_each_form_with_each_field_wrong_says_so(neighbour, silent_log):
    reached, faults = set(), []
    with context.company(neighbour.company.pk):
        everyone, chosen = walks(neighbour), what_a_person_chooses(neighbour)
        for who, walk, address, page, form, view in forms_of(everyone, chosen):
            reached |= {view, *(template.origin.template_name for template in page.templates)}
            for wrong, headers in product(wrongs(form, fields_of(page)), ways_to_send(form)):
                said = walk.undone(partial(faults_of, walk, address, page, form, wrong, headers))
                faults += [f"{who}: {view} with {wrong} {fault}" for fault in said]

    assert faults == []
    assert set(forms_to_fill_in()) - reached == set(), "give the walk a row that makes it show"


def ways_to_send(form):
    """The headers of a browser without JavaScript; of one with it too where htmx sends the form and puts a part of a page in its place."""
    return [{}, {"HX-Request": "true"}] if form.element.get("hx-post") else [{}]


def faults_of(walk, address, page, form, wrong, headers):
    """Sentences of what is wrong in the answer to a form with one field wrong."""
    attempt = form.copy().choose({wrong.name: wrong.value})
    cache.clear()  # the rate limits are not what is tried here
    if address != page.asked:  # a link, of which the page keeps the key in the session
        walk.client.get(page.asked, follow=True)
    with noticed() as validated:
        response = attempt.send(walk.client, headers=headers)
    errors = errors_of(validated)
    is_taken_for_good = not errors and response.status_code < 400
    if is_taken_for_good or response.status_code >= 500:
        return [f"answers {response.status_code}"] if wrong.is_never_right or response.status_code >= 500 else []
    is_another_page = response.status_code in {302, 303}
    if is_another_page:
        response = walk.client.get(response.url, follow=True)
    if not response["Content-Type"].startswith("text/html"):
        return [f"answers {response.status_code} with no page"]
    screen = Screen(response)
    if errors:
        return list(missing(attempt, wrong, screen, errors, is_another_page=is_another_page))
    return [] if screen.alerts or (wrong.is_hidden and response.status_code == 404) else [f"answers {response.status_code} without a word"]


def forms_to_fill_in():
    """Of each form in which a person can fill something in, which is not only a button: the view that it goes to, or where it says none,
    its template; and the views with a form of their own."""
    folder = Path(settings.BASE_DIR, "templates")
    for template in folder.rglob("*.html"):
        for tag, inside in FORM.findall(template.read_text()):
            if FILLED_IN.search(inside):
                view = GOES_TO.search(tag)
                yield view[1] if view else str(template.relative_to(folder))
    yield from (address.name for address in addresses() if getattr(address.view, "form_class", None))


def test_the_forms_to_fill_in_are_found_in_the_templates():
    found = set(forms_to_fill_in())

    assert found >= {"invoicing:pay", "quotes:make-order", "workorders:create-many", "account/login.html", "mfa_authenticate"}
    assert not found & {"quotes:send", "account_logout", "503.html"}


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        ("<p id=it>x</p>", True),
        ("<details><p id=it>x</p></details>", False),
        ("<details open><p id=it>x</p></details>", True),
        ("<details><summary id=it>x</summary></details>", True),
        ("<div hidden><p id=it>x</p></div>", False),
        ("<div class='row d-none'><p id=it>x</p></div>", False),
        ("<input><p id=it class=invalid-feedback>x</p>", False),
        ("<input class='form-control is-invalid'><p id=it class=invalid-feedback>x</p>", True),
        ("<input><p id=it class='invalid-feedback d-block'>x</p>", True),
    ],
)
def test_the_walk_sees_what_a_browser_shows(page, seen):
    assert is_seen(html.fromstring(f"<main>{page}</main>").get_element_by_id("it")) == seen
