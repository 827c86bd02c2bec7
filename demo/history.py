"""Three months of work: orders in every state, their checks and defects, and the invoices of what was finished."""

import random
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

import quality.mails
from accounts.models import Company, Counter
from cleanconnect.tenancy.context import current_company_id
from invoicing import collecting, sending
from invoicing.mail_events import INVOICE
from invoicing.models import Invoice, Payment
from notifications.models import Message
from notifications.wording import letter
from quality.mail_events import DEFECT
from quality.models import Check, Defect
from services.pricing import prices_for
from workorders.models import Assignment, Bay, StatusChange, WorkOrder, WorkOrderLine, WorkSession

from . import data, pictures

PLANNED, IN_PROGRESS, COMPLETED = WorkOrder.Status.PLANNED, WorkOrder.Status.IN_PROGRESS, WorkOrder.Status.COMPLETED
FINISHED, FINISHED_TODAY, BUSY, TODAY, LEFT_OVER, LATER = 241, 3, 4, 8, 2, 42  # 300 orders
DAYS = 91


def at(day, hour, minute=0):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def working_days(start, stop):
    """The days from `start` up to and including `stop`, without Sundays."""
    days = (start + timedelta(days=n) for n in range((stop - start).days + 1))
    return [day for day in days if day.weekday() != 6]


def orders(vehicles, services, owner, employees, now):
    """300 orders with their lines, numbered in the order in which they were taken in."""
    chance = random.Random("orders")
    made = sorted(_planned_visits(vehicles, chance, now), key=lambda order: order.created_at)
    for number, order in enumerate(made, 1):
        order.number, order.created_by = number, owner
        order.note = chance.choice(data.ORDER_NOTES) if chance.random() < 0.25 else ""
        order.remark = chance.choice(data.ORDER_REMARKS) if chance.random() < 0.15 else ""
        if order.status == COMPLETED:
            order.completed_by = chance.choice(employees)
    WorkOrder.objects.bulk_create(made)
    Counter.objects.create(series="workorder", last=len(made))
    WorkOrderLine.objects.bulk_create(line for order in made for line in _lines(order, services, chance))
    return made


def _planned_visits(vehicles, chance, now):
    """Orders without number, lines or people; of each status the first is the dealer's who has a login."""
    today = timezone.localdate(now)
    past = working_days(today - timedelta(days=DAYS), today - timedelta(days=1))
    ahead = working_days(today + timedelta(days=1), today + timedelta(days=12))
    days = (
        [(COMPLETED, day) for day in sorted(chance.choices(past, k=FINISHED))]
        + [(COMPLETED, today)] * FINISHED_TODAY
        + [(IN_PROGRESS, today)] * BUSY
        + [(PLANNED, today)] * TODAY
        + [(PLANNED, past[-1])] * LEFT_OVER
        + [(PLANNED, day) for day in sorted(chance.choices(ahead, k=LATER))]
    )
    seen, taken = set(), set()
    chance_of_promise = random.Random("promises")
    for status, day in days:
        own = [pair for pair in vehicles if pair[1].name == data.DEALER_WITH_LOGIN] if (status, day >= today) not in seen else vehicles
        seen.add((status, day >= today))
        vehicle, customer = chance.choice([pair for pair in own if (pair[0].pk, day) not in taken])
        taken.add((vehicle.pk, day))
        created = at(day - timedelta(days=chance.randint(1, 9)), chance.randint(8, 17), chance.randint(0, 59))
        order = WorkOrder(vehicle=vehicle, customer=customer, status=status, planned_on=day, created_at=min(created, now))
        order.prices_include_vat = customer.prices_include_vat
        if chance_of_promise.random() < 0.6:
            order.promised_at = at(day, chance_of_promise.choice([12, 14, 16, 17]))
        order.key_number = str(chance_of_promise.randint(1, 60)) if status != COMPLETED else ""
        if status == COMPLETED:
            order.completed_at = min(at(day, chance.randint(9, 16), chance.randint(0, 59)), now - timedelta(minutes=chance.randint(1, 40)))
        yield order


def _lines(order, services, chance):
    """A package or some handlings, as the type of customer mostly asks, at the customer's price."""
    offered = services[order.vehicle.type_id]
    favourites = [offered[name] for name in data.FAVOURITES[order.customer.type.name] if name in offered]
    chosen = [chance.choice(favourites)] if chance.random() < 0.75 else []
    extras = [service for service in offered.values() if service.group.name != "Standaard pakket"]
    chosen += chance.sample(extras, chance.randint(0 if chosen else 1, 2))
    prices = prices_for(order.customer, chosen)
    for service in chosen:
        yield WorkOrderLine(
            order=order,
            service=service,
            description=f"{service.group.name}: {service.name}",
            unit_price=prices[service.pk].amount,
            price_reason=prices[service.pk].reason,
            vat_rate=service.vat_rate,
            minutes=service.minutes,
        )


def planning(orders, owner, employees):
    """Who does what when and where, how long it took, and what the office wrote down of it."""
    chance = random.Random("planning")
    bays = Bay.objects.bulk_create(Bay(name=name, position=place) for place, name in enumerate(data.BAYS))
    free = {}  # the minute of the day from which somebody has time, by day
    minutes = dict(WorkOrder.objects.with_minutes().values_list("pk", "minutes"))
    assignments, sessions, moves = [], [], []
    today = timezone.localdate()
    for order in orders:
        length = minutes[order.pk] or 60
        order.material_cost = Decimal(chance.choice([0, 0, 250, 475, 900, 1450])) / 100
        moves.append(StatusChange(order=order, after=PLANNED, by=owner, happened_at=order.created_at))
        busy = free.setdefault(order.planned_on, dict.fromkeys(employees, 8 * 60))
        person = order.completed_by or min(busy, key=busy.get)
        if order.status == COMPLETED:
            took = max(10, round(length * chance.uniform(0.75, 1.3)))
            began = order.completed_at - timedelta(minutes=took)
            sessions.append(WorkSession(order=order, membership=person, started_at=began, stopped_at=order.completed_at))
            moves.append(_move(order, PLANNED, IN_PROGRESS, person, began))
            moves.append(_move(order, IN_PROGRESS, COMPLETED, person, order.completed_at))
        elif order.status == IN_PROGRESS:
            moves.append(_move(order, PLANNED, IN_PROGRESS, person, order.created_at))
        if order.planned_on < today and order.status != COMPLETED:
            continue
        assignments.append(Assignment(order=order, membership=person))
        if person in busy and busy[person] + min(length, 240) <= 17 * 60:
            order.planned_time = time(*divmod(busy[person], 60))
            order.planned_minutes = 240 if length > 240 else None
            order.bay = bays[employees.index(person) % len(bays)]
            busy[person] += -(-min(length, 240) // 15) * 15
    WorkOrder.objects.bulk_update(orders, ["planned_time", "planned_minutes", "bay", "material_cost"])
    Assignment.objects.bulk_create(assignments)
    WorkSession.objects.bulk_create(sessions)
    StatusChange.objects.bulk_create(moves)


def _move(order, before, after, by, happened_at):
    return StatusChange(order=order, before=before, after=after, by=by, place=StatusChange.Place.TABLET, happened_at=happened_at)


def checks_and_defects(orders, items, employees):
    """Finished orders are checked to the end, busy ones half way; one in ten finished cars has something wrong with it."""
    chance = random.Random("checks")
    checks, defects = [], []
    for order in orders:
        if order.status == PLANNED:
            continue
        by = order.completed_by or chance.choice(employees)
        ended = order.completed_at or order.created_at
        wrong = chance.choice(data.DEFECTS) if order.status == COMPLETED and chance.random() < 0.1 else None
        answered = list(items.values()) if order.status == COMPLETED else list(items.values())[: chance.randint(2, 7)]
        for place, item in enumerate(answered):
            moment = ended - timedelta(minutes=2 * (len(answered) - place))
            failed = wrong is not None and item.name == wrong[0]
            checks.append(Check(order=order, item=item, passed=not failed, answered_by=by, answered_at=moment))
            if failed:
                defects.append(Defect(order=order, item=item, description=wrong[1], found_by=by, found_at=moment))
                defects[-1].photo.save("foto.webp", pictures.damage(wrong[2], order.number), save=False)
    Check.objects.bulk_create(checks)
    return Defect.objects.bulk_create(defects)


def invoices(owner, now):
    """Dealers and lease companies get one invoice a month, others one for each order; what is newer is still to be invoiced."""
    company = Company.objects.get(pk=current_company_id())
    made = []
    for day, customer, some in sorted(_to_collect(now), key=lambda found: (found[0], found[1].pk, found[2][0].pk)):
        made.append(collecting.draw_up(company, customer, some, by=owner, on=day, at=min(at(day, 17), now)))
    _pay(made, now)
    return made


def _to_collect(now):
    """`(day of issue, customer, orders)` of all that was invoiced by now."""
    finished = collecting.to_invoice().select_related("customer__type", "vehicle", "branch").prefetch_related("lines").order_by("pk")
    together = {}
    for order in finished:
        done = timezone.localdate(order.completed_at)
        if order.customer.type.name in data.INVOICED_MONTHLY:
            day, key = _fifth_of_next_month(done), (done.year, done.month)
        else:
            day, key = done + timedelta(days=2), order.pk
        together.setdefault((day, order.customer, key), []).append(order)
    today = timezone.localdate(now)
    return [(day, customer, some) for (day, customer, _key), some in together.items() if day < today]


def _fifth_of_next_month(day):
    fifth = (day.replace(day=1) + timedelta(days=32)).replace(day=5)
    return fifth + timedelta(days=1) if fifth.weekday() == 6 else fifth


def _pay(invoices, now):
    """Five in six are paid within three weeks; the others are open or overdue."""
    chance = random.Random("payments")
    paid = []
    for invoice in invoices:
        day = invoice.issued_on + timedelta(days=chance.randint(3, 20))
        if chance.random() < 5 / 6 and day < timezone.localdate(now):
            invoice.paid_on, invoice.paid_total = day, invoice.gross_total
            paid.append(Payment(invoice=invoice, amount=invoice.gross_total, received_on=day, created_by=invoice.created_by))
    Payment.objects.bulk_create(paid)
    Invoice.objects.bulk_update(invoices, ["paid_on", "paid_total"])


def mails(invoices, defects):
    """The mails of these invoices and defects, as sent: the demo company mails nobody."""
    sent = [_sent(INVOICE, invoice, invoice.created_at, sending.mail_of(invoice)) for invoice in invoices]
    sent += [_sent(DEFECT, defect, defect.found_at, quality.mails.mail_of(defect)) for defect in defects]
    Message.objects.bulk_create(sent)


def _sent(event, cause, moment, mail):
    return Message(
        event=event,
        event_key=str(cause.pk),
        to_email=mail["to_email"],
        to_name=mail["to_name"],
        state=Message.State.SENT,
        created_at=moment,
        sent_at=moment,
        **letter(event, mail["language"], mail["words"]),
    )
