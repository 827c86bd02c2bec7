"""Rows for tests, with no surprises: what matters to a test is written in the test."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from accounts.models import Company, CompanyCosts, Counter, Membership, Tablet, User
from bookkeeping.models import BookedInvoice, BookExport, LedgerCodes
from cleanconnect.jobs import Job
from cleanconnect.models import Preview, QuotaUse
from cleanconnect.tenancy import context
from customers.models import Branch, Contact, Customer, CustomerEvent, CustomerType
from exports.models import Export
from imports.models import Import
from invoicing.models import (
    BankLine,
    BankStatement,
    Debit,
    DebitBatch,
    Invoice,
    InvoiceLine,
    InvoiceRun,
    Mandate,
    OnlinePayment,
    Payment,
    PaymentAccount,
    Proposal,
    ProposedOrder,
    Refund,
    RefundBatch,
    Reminder,
)
from invoicing.parties import SELLER, snapshot, snapshot_of_buyer
from notifications.models import MailText, Message
from quality.models import Approval, Check, ChecklistGroup, ChecklistItem, ChecklistSource, CheckPhoto, Defect, TabletAction
from quotes.models import Quote, QuoteLine
from services.models import ListPrice, PriceAgreement, PriceRise, RaisedPrice, Service, ServiceGroup
from vehicles.models import ModelType, RdwRecord, TypeRule, Vehicle, VehicleHolder, VehicleType
from workorders.models import (
    Assignment,
    Bay,
    CalendarFeed,
    DamageMark,
    Handover,
    OrderChange,
    OrderDraft,
    OrderPhoto,
    SavedView,
    SpecialDay,
    StatusChange,
    WorkingDay,
    WorkOrder,
    WorkOrderLine,
    WorkSession,
)

PASSWORD = "een goed wachtwoord"  # of every user


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"gebruiker{n}")
    password = factory.django.Password(PASSWORD)


def confirmed(user):
    """The user, whose holder has shown that the e-mail address is the own one."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = "employee"
    name = "Wim Werknemer"


class CustomerTypeFactory(DjangoModelFactory):
    class Meta:
        model = CustomerType

    name = factory.Sequence(lambda n: f"Zakelijk {n}")


class CustomerFactory(DjangoModelFactory):
    class Meta:
        model = Customer

    type = factory.SubFactory(CustomerTypeFactory)
    name = factory.Sequence(lambda n: f"Klant {n}")


class VehicleTypeFactory(DjangoModelFactory):
    class Meta:
        model = VehicleType

    name = factory.Sequence(lambda n: f"Auto standaard {n}")


class VehicleFactory(DjangoModelFactory):
    class Meta:
        model = Vehicle

    type = factory.SubFactory(VehicleTypeFactory)
    plate = factory.Sequence(lambda n: f"G{'BDFGHJKLNPRSTVXZ'[n // 1000 % 16]}{n % 1000:03}K")
    plate_shown = factory.LazyAttribute(lambda vehicle: f"{vehicle.plate[:2]}-{vehicle.plate[2:5]}-{vehicle.plate[5:]}")
    make = "Volvo"
    model = "V60"


class ServiceGroupFactory(DjangoModelFactory):
    class Meta:
        model = ServiceGroup

    vehicle_type = factory.SubFactory(VehicleTypeFactory)
    name = factory.Sequence(lambda n: f"Interieur {n}")


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = Service

    group = factory.SubFactory(ServiceGroupFactory)
    name = factory.Sequence(lambda n: f"Kauwgom verwijderen {n}")
    price = Decimal("25.00")


class PriceAgreementFactory(DjangoModelFactory):
    class Meta:
        model = PriceAgreement

    customer = factory.SubFactory(CustomerFactory)
    service = factory.SubFactory(ServiceFactory)
    value = Decimal("20.00")


class WorkOrderFactory(DjangoModelFactory):
    """An order with a vehicle that its customer holds; lines are made apart."""

    class Meta:
        model = WorkOrder
        skip_postgeneration_save = True

    number = factory.Sequence(lambda n: n + 1)
    customer = factory.SubFactory(CustomerFactory)
    vehicle = factory.SubFactory(VehicleFactory)
    created_by = factory.SubFactory(MembershipFactory)

    @factory.post_generation
    def holder(self, create, extracted, **kwargs):
        VehicleHolder.objects.get_or_create(vehicle=self.vehicle, customer=self.customer)


class WorkOrderLineFactory(DjangoModelFactory):
    class Meta:
        model = WorkOrderLine

    order = factory.SubFactory(WorkOrderFactory)
    service = factory.SubFactory(ServiceFactory)
    description = "Kauwgom verwijderen"
    unit_price = Decimal("25.00")
    vat_rate = "21"


class ChecklistGroupFactory(DjangoModelFactory):
    class Meta:
        model = ChecklistGroup

    name = factory.Sequence(lambda n: f"Exterieur {n}")


class ChecklistItemFactory(DjangoModelFactory):
    class Meta:
        model = ChecklistItem

    group = factory.SubFactory(ChecklistGroupFactory)
    name = factory.Sequence(lambda n: f"Velgen schoon {n}")


class CheckFactory(DjangoModelFactory):
    class Meta:
        model = Check

    order = factory.SubFactory(WorkOrderFactory)
    item = factory.SubFactory(ChecklistItemFactory)
    passed = True
    answered_by = factory.SubFactory(MembershipFactory)


@dataclass
class Neighbour:
    """A company next door with one row of every kind; `rows` maps each model to its row."""

    company: Company
    rows: dict

    def row(self, name):
        """The row of the model with this name."""
        return next(row for model, row in self.rows.items() if model.__name__ == name)

    @classmethod
    def make(cls):
        company = Company.objects.found(name="Buurman Poets")
        return cls(company, cls.rows_of_every_kind(company))

    @staticmethod
    def rows_of_every_kind(company):
        """`{model: row}` with a row of each table of this company; what is a customer's is all of one customer."""
        with context.company(company.pk):
            owner = MembershipFactory(role="owner", name="Bram Buurman")
            agreement = PriceAgreementFactory(customer__name="Klant van Buurman", service__name="Geheime handeling")
            order = WorkOrderFactory(
                customer=agreement.customer, vehicle__type=agreement.service.group.vehicle_type, vehicle__plate="ZZ999Z", created_by=owner
            )
            login = MembershipFactory(role="customer", name="Login van de klant van Buurman", customer=order.customer)
            line = WorkOrderLineFactory(order=order, service=agreement.service)
            item = ChecklistItemFactory(name="Geheim onderdeel")
            check = Check.objects.create(order=order, item=item, passed=False, answered_by=owner)
            defect = Defect.objects.create(order=order, item=item, description="Geheim mankement", found_by=owner)
            invoice = Invoice.objects.create(
                number="2026-0001",
                customer=order.customer,
                issued_on="2026-11-01",
                due_on="2026-11-15",
                seller=snapshot(company, SELLER),
                buyer=snapshot_of_buyer(order.customer),
                net_total=Decimal("25.00"),
                vat_total=Decimal("5.25"),
                gross_total=Decimal("30.25"),
                taxes=[["21", "25.00", "5.25"]],
                created_by=owner,
            )
            invoice_line = InvoiceLine.objects.create(
                invoice=invoice,
                order=order,
                order_line=line,
                performed_on="2026-11-01",
                vehicle="ZZ-999-Z",
                description="Geheime handeling",
                quantity=1,
                unit_price=Decimal("25.00"),
                vat_rate="21",
                net=Decimal("25.00"),
            )
            message = Message.objects.create(
                event="invoice",
                event_key="1",
                to_name="Klant van Buurman",
                to_email="k@buurman.example",
                subject="Geheim",
                text="Geheim",
                attachments=[["geheim.pdf", "Geheim.pdf"]],
                pictures=[["geheim.webp", "https://geheim.example/"]],
            )
            branch = Branch.objects.create(customer=order.customer, name="Geheime vestiging")
            bank_line = BankLine.objects.create(
                booked_on="2026-11-02", amount=Decimal("30.25"), name="Geheime klant", fingerprint="geheim", imported_by=owner
            )
            payment = Payment.objects.create(invoice=invoice, amount=Decimal("1.00"), received_on="2026-11-02", note="Geheim")
            run = InvoiceRun.objects.create(until="2026-11-01", created_by=owner)
            proposal = Proposal.objects.create(run=run, customer=order.customer, title="Geheime maand")
            quote = Quote.objects.create(
                number="O-1", customer=order.customer, subject="Geheim", valid_until="2026-12-01", created_by=owner
            )
            mandate = Mandate.objects.create(
                customer=order.customer, reference="GEHEIM", holder="Geheim", iban="geheim", signed_on="2026-01-01", created_by=owner
            )
            batch = DebitBatch.objects.create(reference="GEHEIM", collect_on="2026-12-01", xml="geheim", created_by=owner)
            refunds = RefundBatch.objects.create(reference="GEHEIM", pay_on="2026-12-01", xml="geheim", created_by=owner)
            export = BookExport.objects.create(
                kind="csv",
                state="done",
                first="2026-11-01",
                last="2026-11-30",
                invoice_count=1,
                net_total=1,
                vat_total=1,
                created_by=owner,
            )
            found = [
                export,
                Job.objects.create(task="notifications.tasks.deliver", row_id=message.pk),
                BookedInvoice.objects.create(export=export, invoice=invoice, kind="csv"),
                CompanyCosts.objects.create(hourly_cost=Decimal("34.56")),
                Counter.objects.create(series="geheim", last=1),
                LedgerCodes.objects.create(revenue="geheim"),
                mandate,
                batch,
                Debit.objects.create(batch=batch, invoice=invoice, mandate=mandate, amount=1),
                refunds,
                Refund.objects.create(batch=refunds, invoice=invoice, holder="Geheim", iban="geheim", amount=1),
                quote,
                QuoteLine.objects.create(quote=quote, description="Geheim", unit_price=1, vat_rate="21", charged_rate="21"),
                branch,
                Contact.objects.create(customer=order.customer, branch=branch, name="Geheim contact"),
                CustomerEvent.objects.create(customer=order.customer, kind="changed", text="Geheime wijziging", by=owner),
                ListPrice.objects.create(service=agreement.service, price=Decimal("26.00"), starts_on="2026-01-01"),
                ChecklistSource.objects.create(item=item, service=agreement.service),
                MailText.objects.create(event="invoice", subject="Geheim", body="Geheim"),
                BankStatement.objects.create(file_name="Geheim.xml", created_by=owner),
                Import.objects.create(
                    kind="customers",
                    file_name="Geheim.csv",
                    state="checked",
                    headers=["Naam"],
                    sample=["Geheim"],
                    problems=[[1, "Naam", "Geheim"]],
                    created_by=owner,
                ),
                StatusChange.objects.create(order=order, after="planned", reason="Geheim", by=owner),
                Handover.objects.create(order=order, name="Geheime ophaler", signature="geheim.webp"),
                Tablet.objects.create(name="Geheime tablet"),
                TabletAction.objects.create(
                    uid=uuid4(), order=order, item=item, kind="answer", by=owner, happened_at="2026-11-01T00:00Z", outcome="kept"
                ),
                Approval.objects.create(
                    order=order,
                    defect=defect,
                    service=agreement.service,
                    name="Geheime handeling",
                    unit_price=Decimal("1.00"),
                    vat_rate="21",
                    expires_at="2126-12-01T00:00Z",
                ),
                Assignment.objects.create(order=order, membership=owner),
                Bay.objects.create(name="Geheime brug"),
                CalendarFeed.objects.create(key_hash="geheim"),
                CheckPhoto.objects.create(order=order, item=item, photo="geheim.webp"),
                OrderChange.objects.create(order=order, version=1, text="Geheime wijziging"),
                OrderDraft.objects.create(key=uuid4(), membership=owner, typed={"plate": ["ZZ999Z"]}),
                OrderPhoto.objects.create(order=order, photo="geheim.webp"),
                DamageMark.objects.create(order=order, place="roof", kind="dent", note="Geheime deuk"),
                SavedView.objects.create(membership=login, name="Geheim", query="status=planned"),
                SpecialDay.objects.create(day="2026-12-24", reason="Geheim"),
                WorkingDay.objects.create(weekday=0),
                WorkSession.objects.create(order=order, membership=owner),
                RdwRecord.objects.create(plate="ZZ999Z", is_registered=True, make="Geheim"),
                TypeRule.objects.create(vehicle_type=order.vehicle.type, body="geheim"),
                ModelType.objects.create(make="Geheim", model="Geheim", vehicle_type=order.vehicle.type),
                Preview.objects.create(kind="services.raise:", typed={}, digest="geheim", membership=owner),
                QuotaUse.objects.create(name="geheim"),
                rise := PriceRise.objects.create(percentage=3, starts_on="2027-01-01", made_by=owner),
                RaisedPrice.objects.create(rise=rise, service=agreement.service, old=25, new=26),
                Export.objects.create(
                    name="Geheim", format="csv", address="/werkorders/overzicht/", state="done", customer=order.customer, created_by=login
                ),
                owner,
                agreement,
                order,
                line,
                item,
                check,
                defect,
                invoice,
                bank_line,
                payment,
                OnlinePayment.objects.create(invoice=invoice, amount=Decimal("1.00"), mollie_id="tr_geheim"),
                PaymentAccount.objects.create(sealed_key="geheim", shown_key="live …heim", set_by=owner),
                Reminder.objects.create(invoice=invoice, level="first", by=owner),
                run,
                proposal,
                ProposedOrder.objects.create(proposal=proposal, order=order),
                invoice_line,
                message,
                order.customer,
                order.customer.type,
                order.vehicle,
                order.vehicle.type,
                order.vehicle.holders.get(),
                agreement.service,
                agreement.service.group,
                item.group,
            ]
            return {type(row): row for row in found}
