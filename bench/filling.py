"""Companies and their orders by bulk SQL, in realistic proportions: an order in eight is of a new vehicle, a customer brings fifty."""

from django.contrib.auth.hashers import make_password
from django.db import connection

from accounts.models import Company, Counter, Membership, User
from cleanconnect.tenancy import context
from cleanconnect.tenancy.roles import as_owner
from customers.models import Customer, CustomerType
from services.models import Service, ServiceGroup
from vehicles.models import VehicleType

VEHICLES = """
INSERT INTO vehicles_vehicle (company_id, type_id, plate, plate_shown, country, vin, make, model, created_at)
SELECT %(company)s, %(vehicle_type)s, letters || digits || tail, letters || '-' || digits || '-' || tail, 'NL', '', 'Volvo', 'V60', now()
FROM (SELECT chr(65 + n %% 26) || chr(65 + n / 26 %% 26) AS letters, lpad((n / 676 %% 1000)::text, 3, '0') AS digits,
             chr(65 + n / 676000) AS tail
      FROM generate_series(0, %(vehicles)s - 1) AS n) AS plates"""

ORDERS = """
WITH customers AS (SELECT array_agg(id) AS ids FROM customers_customer), vehicles AS (SELECT array_agg(id) AS ids FROM vehicles_vehicle)
INSERT INTO workorders_workorder (company_id, number, customer_id, vehicle_id, note, remark, po_number, cost_centre,
                                  key_number, place, is_history, prices_include_vat, material_cost, version,
                                  origin_number, status, planned_on, created_by_id, created_at,
                                  completed_by_id, completed_at)
SELECT %(company)s, n, customers.ids[1 + n %% %(customers)s], vehicles.ids[1 + (n * 7) %% %(vehicles)s],
       '', '', '', '', '', '', false, false, 0, 1, '',
       CASE WHEN done THEN 'completed' WHEN n %% 10 = 0 THEN 'in_progress' ELSE 'planned' END, day, %(member)s, now(),
       CASE WHEN done THEN %(member)s END, CASE WHEN done THEN day::timestamptz + interval '15 hours' END
FROM customers, vehicles, (SELECT n, n < %(orders)s - 40 AS done, current_date + 7 - ((%(orders)s - n) / 40)::int AS day
                           FROM generate_series(1, %(orders)s) AS n) AS numbers"""

HOLDERS = """
INSERT INTO vehicles_vehicleholder (company_id, vehicle_id, customer_id, since)
SELECT DISTINCT company_id, vehicle_id, customer_id, now() FROM workorders_workorder"""

LINES = """
INSERT INTO workorders_workorderline (company_id, order_id, service_id, description, quantity, unit_price, vat_rate, price_reason,
                                      discount, discount_amount, discount_reason, in_package, priced_by_hand)
SELECT o.company_id, o.id, s.id, 'Interieur: ' || s.name, 1, s.price, s.vat_rate, 'lijstprijs', 0, 0, '', false, false
FROM workorders_workorder AS o JOIN services_service AS s ON (o.number + s.id) %% 2 = 0"""


def fill(name, orders):
    """A company with this many orders and an owner who logs in as `name`; returns the Company."""
    company = Company.objects.found(name=name.title(), street="Poetslaan 1", postcode="1234 AB", city="Glansdorp")
    user = User.objects.create(username=name, password=make_password(name))
    with context.company(company.pk):
        member = Membership.objects.create(user=user, role=Membership.Role.OWNER, name="Eigenaar")
        vehicle_type = VehicleType.objects.create(name="Auto standaard")
        group = ServiceGroup.objects.create(vehicle_type=vehicle_type, name="Interieur")
        Service.objects.bulk_create(Service(group=group, name=f"Handeling {n}", price=10 + n) for n in range(4))
        names = {
            "company": company.pk,
            "vehicle_type": vehicle_type.pk,
            "member": member.pk,
            "orders": orders,
            "customers": max(orders // 50, 10),
            "vehicles": max(orders // 8, 10),
        }
        Counter.objects.create(series="workorder", last=orders)
        Customer.objects.bulk_create(customers(names["customers"]), batch_size=1000)
    for sql in (VEHICLES, ORDERS, HOLDERS, LINES):
        with context.company(company.pk), connection.cursor() as cursor:
            cursor.execute(sql, names)
        analyse()
    return company


def customers(count, start=1):
    """Customers of one type that are not saved yet."""
    kind = CustomerType.objects.get_or_create(name="Zakelijk")[0]
    owners = ("De Vries", "Jansen", "Bakker", "Visser", "Smit", "Mulder", "Bos", "Vos")
    for n in range(start, start + count):
        yield Customer(
            type=kind,
            number=str(n),
            name=f"Autobedrijf {owners[n % 8]} {n}",
            email=f"klant{n}@klanten.example",
            phone="0101234567",
            street="Dorpsstraat",
            house_number=str(n),
            postcode="1234 AB",
            city="Ons Dorp",
        )


def analyse():
    """Fresh statistics, and with the new connection fresh plans: those of an empty table check each foreign key by reading it whole."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
