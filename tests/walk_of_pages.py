"""The pages of a company with a row of every kind, as one of its people or a stranger finds them."""

import copy
import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.links import tokens
from accounts.middleware import COOKIE
from accounts.models import Counter
from accounts.tablets import new_code, pair, read_code, set_pin
from customers.models import Customer
from imports.columns import COLUMNS
from invoicing import runs
from invoicing.models import Invoice
from invoicing.tests.given import ADDRESS, buyer, complete, finished_order
from notifications.models import Message
from quality.models import Approval, Defect
from quotes.models import Quote
from tests.factories import (
    PASSWORD,
    ChecklistItemFactory,
    CustomerFactory,
    MembershipFactory,
    ServiceFactory,
    VehicleTypeFactory,
    WorkOrderFactory,
    WorkOrderLineFactory,
)
from tests.forms_of_pages import forms_on
from tests.isolation.addresses import addresses
from tests.isolation.sides import Side
from tests.isolation.test_urls import OWN_LOGIN, PUBLIC
from workorders.models import WorkOrder

GUARDED = [address for address in addresses() if address.name not in PUBLIC | OWN_LOGIN]


class Walk:
    """Every page that somebody of the company can open; what a step changes is undone after it.

    Without a `membership` its owner walks; with None nobody is logged in. `rows` are walked beside those of every kind, and `paths`
    beside those of all addresses.
    """

    def __init__(self, neighbour, membership=..., *, addresses=GUARDED, rows=(), paths=()):
        self.rows = {row.pk for row in (*neighbour.rows.values(), *rows)}
        self.addresses = addresses
        self.paths, self.query = paths, f"?soort={neighbour.row('VehicleType').pk}"  # some pages ask first which
        owner = neighbour.row("Membership").user
        self.side = {"company_id": neighbour.company.pk, "user_id": owner.pk, "personal_token": tokens.make_token(owner)}
        self.client = Client(raise_request_exception=False)
        self.membership = membership = neighbour.row("Membership") if membership is ... else membership
        if membership:
            self.client.force_login(membership.user, backend="accounts.backends.AuthenticationBackend")
        self.cookies = copy.deepcopy(self.client.cookies)

    def pages(self):
        """`(name, address, response)` of each page that opens; the address as a browser keeps it, with its query.

        A link leads on to a page of which it keeps the key in the session: `response.asked` is where it began.
        """
        for address in self.addresses:
            if not self._may(address.view):
                continue
            for path in sorted({address.path(Side(pk, **self.side)) + self.query for pk in self.rows}):
                yield from self._page(path, follow=address.is_link)
        for path in self.paths:
            yield from self._page(path)

    def _may(self, view):
        permission = getattr(view, "permission", None)
        return permission is None or (self.membership is not None and self.membership.may(permission))

    def _page(self, path, *, follow=False):
        page = self.undone(lambda: self.client.get(path, follow=follow))
        if page.status_code == 200 and page["Content-Type"].startswith("text/html") and page.content.strip():
            page.asked = path
            redirected = getattr(page, "redirect_chain", None)
            yield resolve(urlsplit(path).path).view_name, redirected[-1][0] if redirected else path, page

    def step(self, path, typed):
        """Send something that all that follows depends on; it stays."""
        self.client.post(path, typed)
        self.cookies = copy.deepcopy(self.client.cookies)

    def undone(self, act):
        self.client.cookies = copy.deepcopy(self.cookies)
        with transaction.atomic():
            answer = act()
            transaction.set_rollback(True)
        return answer


def can_do_everything(neighbour):
    """Give the company what is asked before something can be saved: its own details, its customers' and its numbers."""
    complete(neighbour.company)
    Customer.objects.update(**ADDRESS)
    Counter.objects.create(series=f"invoice-{timezone.localdate().year}", last=1)
    Counter.objects.create(series="workorder", last=WorkOrder.objects.latest("number").number)


def what_a_person_chooses(neighbour):
    """What the page alone does not tell, by the name of its address."""
    kind, service = VehicleTypeFactory(name="Bus"), neighbour.row("Service")
    order = {"vehicle_type": service.group.vehicle_type_id, "services": service.pk, "new_name": "", "new_email": ""}
    customer = neighbour.row("Customer")
    order |= {"customer_type": customer.type_id, "customer": customer.pk}
    return {
        "workorders:create": order,
        "quotes:create": {"regels-0-description": "Vlek in de hemel", "regels-0-unit_price": "10"},
        "invoicing:choose-orders": {"discount_on_all": "5"},
        "invoicing:free": {"discount_on_all": "5", "regels-0-description": "Vlek in de hemel", "regels-0-unit_price": "10"},
        "services:agreement-create": {"service": "", "value": "20"},
        "services:copy": {"target": kind.pk},
        "invoicing:mandate-create": {"customer": CustomerFactory(name="Zonder machtiging").pk},
        "imports:columns": {f"kolom_{column.key}": "0" if column.key == "name" else "" for column in COLUMNS["customers"]},
        "imports:overview": {"file": SimpleUploadedFile("klanten.csv", b"Naam\nGarage Bakker\n")},
    }


def rows_in_other_states(neighbour):
    """What a row of every kind does not have: an order that is open and one to be invoiced, an answer that is awaited, what failed.

    Returns them by what they are.
    """
    owner, order, today = neighbour.row("Membership"), neighbour.row("WorkOrder"), timezone.localdate()
    service = neighbour.row("Service")
    package = ServiceFactory(group__vehicle_type=service.group.vehicle_type, group__is_package=True, group__package_price=Decimal("79.00"))
    planned = WorkOrderFactory(customer=order.customer, vehicle__type=order.vehicle.type, created_by=owner)
    WorkOrderLineFactory(order=planned, service=service)
    finished = finished_order(buyer(name="Garage Bakker"), "25.00", by=owner, on=f"{today - timedelta(days=3)}")
    defect = Defect.objects.create(order=planned, item=ChecklistItemFactory(needs_photo=True), description="Kras", found_by=owner)
    asked = Approval.objects.create(
        order=planned,
        defect=defect,
        service=service,
        name="Polijsten",
        unit_price=40,
        vat_rate="21",
        expires_at=timezone.now() + timedelta(7),
    )
    failed = Message.objects.create(event="invoice", event_key="2", to_name="K", to_email="k@glans.example", state="failed", text="x")
    sent = Quote.objects.create(
        number="O-2", customer=order.customer, subject="Camper", valid_until=today + timedelta(9), state="sent", created_by=owner
    )
    Quote.objects.filter(pk=sent.pk).update(sent_at=timezone.now())
    overdue = Invoice(number="2025-0002", issued_on="2025-11-01", due_on="2025-11-15", created_by=owner, failure="Geen PDF")
    overdue.net_total, overdue.vat_total, overdue.gross_total = Decimal("40.00"), Decimal("8.40"), Decimal("48.40")
    for name in ("customer", "seller", "buyer"):
        setattr(overdue, name, getattr(neighbour.row("Invoice"), name))
    overdue.save()
    overpaid = copy.copy(overdue)
    overpaid.pk, overpaid.number, overpaid.paid_on, overpaid.paid_total = None, "2025-0003", today, Decimal("50.00")
    overpaid._state.adding = True
    overpaid.save()
    Customer.objects.filter(pk=overpaid.customer_id).update(iban="NL13TEST0123456789")
    employee = MembershipFactory(role="employee", name="Wim Werknemer")
    set_pin(employee, "2580")
    return {
        "package": package,
        "group": package.group,
        "order": planned,
        "finished": finished,
        "customer": finished.customer,
        "defect": defect,
        "approval": asked,
        "message": failed,
        "quote": sent,
        "invoice": overdue,
        "overpaid": overpaid,
        "employee": employee,
    }


def paths_in_other_states(neighbour, rows):
    """Of the pages that ask something only after a step before it, made here: a proposed run, a quote that was accepted."""
    owner = neighbour.row("Membership")
    run = runs.propose(timezone.localdate(), by=owner)
    accepted = Quote.objects.create(
        number="O-3", customer=rows["customer"], subject="Camper", valid_until=timezone.localdate(), state="accepted", created_by=owner
    )
    return [reverse("invoicing:run", args=[run.pk]), reverse("quotes:detail", args=[accepted.pk])]


def with_a_second_step(neighbour):
    """`{who: walk}` along the pages of two-step verification: who switches it on, who has it, and who is asked the code."""
    pages = {"addresses": [address for address in addresses() if address.name.startswith("mfa_")]}
    chooses, has = (Walk(neighbour, MembershipFactory(role="owner"), **pages) for _walk in range(2))
    TOTP.activate(has.membership.user, generate_totp_secret())
    proven, asked = Walk(neighbour, has.membership, **pages), Walk(neighbour, None, **pages)
    for walk in (chooses, proven):
        walk.step(reverse("account_reauthenticate"), {"password": PASSWORD})
    asked.step(reverse("account_login"), {"login": has.membership.user.username, "password": PASSWORD})
    return {"who switches it on": chooses, "who has a second step": has, "who just proved it": proven, "who is asked the code": asked}


def paired_tablet(walk, tablet):
    """The cookie of a tablet that this walk is made with."""
    code = read_code(new_code(tablet))
    _tablet, key = pair(code[1])
    walk.client.cookies[COOKIE] = f"{tablet.company_id}.{tablet.pk}.{key}"
    walk.cookies = copy.deepcopy(walk.client.cookies)
    return walk


def forms_of(walks, chosen):
    """Each form once, with what a person chooses: `(who, walk, address, page, form, view)` of `{who: walk}`."""
    tried = set()
    for who, walk in walks.items():
        for name, address, page in walk.pages():
            for form in forms_on(page, address):
                view = resolve(urlsplit(form.action).path).view_name
                controls = frozenset(re.sub(r"\d+", "#", control) for control in form.controls)  # rows are all alike
                if (view, controls) not in tried:
                    tried.add((view, controls))
                    if urlsplit(form.action).path == urlsplit(address).path:
                        form.choose(chosen.get(name, {}))
                    yield who, walk, address, page, form, view
