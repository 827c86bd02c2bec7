"""Who is in the demo company: its members, its customers and their vehicles."""

import random
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.utils.text import slugify

from accounts.members import own_username
from accounts.models import Membership, User
from accounts.numbering import next_number
from cleanconnect.demo_logins import LOGINS, PASSWORD
from cleanconnect.permissions import BOOKKEEPER, CUSTOMER, EMPLOYEE, OWNER
from customers.models import Branch, Contact, Customer, CustomerType
from vehicles.models import Vehicle, VehicleHolder
from vehicles.plates import clean_plate

from . import data

CAR_LETTERS, OTHER_LETTERS = "GHJKLNPRSTXZ", "BDFGHJKLNPRSTVXZ"
NOT_ISSUED = {"KKK", "KVT", "LPF", "NSB", "PKK", "PSV", "TBS", "BBB", "PVV", "SGP", "VVD", "FVD", "GVD", "SS", "SD", "SP"}


def customers(now):
    """`{name: Customer}`."""
    chance = random.Random("customers")
    types = {
        name: CustomerType(name=name, is_private=is_private, prices_include_vat=is_private or None)
        for name, is_private in data.CUSTOMER_TYPES.items()
    }
    CustomerType.objects.bulk_create(types.values())
    made = [
        _customer(number, types[kind], name, contact, chance, now) for number, (kind, name, contact, _weight) in enumerate(data.CUSTOMERS)
    ]
    found = {customer.name: customer for customer in Customer.objects.bulk_create(made)}
    _branches(found)
    return found


def _branches(customers):
    """Lease companies work from more than one place and have people for each thing."""
    for name, places in data.BRANCHES.items():
        customer = customers[name]
        branches = Branch.objects.bulk_create(Branch(customer=customer, name=place, city=place) for place in places)
        domain = f"{slugify(name)}.example"
        Contact.objects.bulk_create(
            [
                Contact(customer=customer, name=customer.contact_name, email=f"planning@{domain}", for_planning=True, for_approval=True),
                Contact(customer=customer, name="Crediteurenadministratie", email=f"facturen@{domain}", for_invoices=True),
                *(Contact(customer=customer, branch=branch, name=f"Balie {branch.name}", phone="030 555 90 00") for branch in branches),
            ]
        )


def _customer(number, kind, name, contact, chance, now):
    area, city = chance.choice(data.PLACES)
    mailbox = slugify(name.split()[0]) if kind.is_private else "administratie"
    line = f"06 555 {chance.randint(0, 99):02}" if kind.is_private else f"030 555 {number:02}"
    return Customer(
        type=kind,
        name=name,
        contact_name=contact,
        email=f"{mailbox}@{slugify(name)}.example",
        phone=f"{line} {chance.randint(10, 99)}",
        number=str(next_number("customer")),
        street=chance.choice(data.STREETS),
        house_number=str(chance.randint(1, 148)),
        postcode=f"{area} {''.join(chance.choices(OTHER_LETTERS[:7], k=2))}",
        city=city,
        kvk_number="" if kind.is_private else f"9000{5000 + number * 17}",
        work_through_limit=Decimal(150) if kind.name == "Leasemaatschappij" else None,
        invoicing_profile="month" if kind.name in data.INVOICED_MONTHLY else "order",
        note=chance.choice(data.NOTES) if chance.random() < 0.2 else "",
        created_at=now,
    )


def members(customers, now):
    """`(owner, employees)`; the first employee, the dealer and the bookkeeper have a login of the list, the others cannot log in yet."""
    owner, employee, customer, bookkeeper = (username for _role, username in LOGINS)
    dealer = customers[data.DEALER_WITH_LOGIN]
    boss = _member(owner, PASSWORD, now, role=OWNER, name=data.OWNER, email="eigenaar@deglans.example")
    first, *others = data.EMPLOYEES
    employees = [_member(employee, PASSWORD, now, role=EMPLOYEE, name=first, email="werknemer@deglans.example")]
    employees += [_member(own_username(name), None, now, role=EMPLOYEE, name=name) for name in others]
    _member(customer, PASSWORD, now, role=CUSTOMER, name=dealer.contact_name, email=dealer.email, customer=dealer)
    _member(bookkeeper, PASSWORD, now, role=BOOKKEEPER, name=data.BOOKKEEPER, email="boekhouder@cijfers.example")
    return boss, employees


def _member(username, password, now, *, role, name, email="", customer=None):
    user = User(username=username, email=email.lower())
    user.set_password(password)
    user.save()
    if email:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return Membership.objects.create(user=user, role=role, name=name, customer=customer, created_at=now)


def vehicles(customers, types, now):
    """`[(Vehicle, Customer), …]`: 120 vehicles, most with a plate, some of the trade with a VIN only."""
    chance = random.Random("vehicles")
    plates, made = set(), []
    for kind, name, _contact, weight in data.CUSTOMERS:
        for _car in range(weight):
            [of_type] = chance.choices(data.VEHICLE_TYPES, data.TYPE_WEIGHTS[kind])
            make, model = chance.choice(data.MODELS[of_type])
            vehicle = Vehicle(type=types[of_type], make=make, model=model, created_at=now)
            if kind == "Dealer" and chance.random() < 0.08:
                vehicle.vin = _vin(chance)
            else:
                vehicle.vin = _vin(chance) if chance.random() < 0.25 else ""
                vehicle.plate, vehicle.plate_shown = clean_plate(_plate(chance, of_type, plates))
            made.append((vehicle, customers[name]))
    for (vehicle, _customer), (plate, country) in zip(made[-2:], data.FOREIGN_PLATES, strict=True):
        vehicle.plate, vehicle.plate_shown = clean_plate(plate, country)
        vehicle.country = country
    Vehicle.objects.bulk_create(vehicle for vehicle, _customer in made)
    VehicleHolder.objects.bulk_create(VehicleHolder(vehicle=vehicle, customer=customer, since=now) for vehicle, customer in made)
    return made


def _plate(chance, of_type, taken):
    """A plate of a shape and with letters as they are issued, given out once."""
    while True:
        code = chance.choice(data.SIDECODES)
        first = "V" if of_type == data.VAN else chance.choice(CAR_LETTERS)
        letters = first + "".join(chance.choices(OTHER_LETTERS, k=code.count("X") - 1))
        signs = iter(letters)
        plate = "".join(next(signs) if sign == "X" else str(chance.randint(0, 9)) if sign == "9" else sign for sign in code)
        if plate not in taken and not any(word in letters for word in NOT_ISSUED):
            taken.add(plate)
            return plate


def _vin(chance):
    return chance.choice(["WVW", "VF1", "WBA", "VSS", "TMB", "YV1"]) + "".join(chance.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=14))
