"""Herinneringen and openstaande posten: who is reminded when, of what, once; and how old what is open is."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from invoicing import payments, pdf, reminding, tasks
from invoicing.collecting import draw_up
from invoicing.models import Reminder
from invoicing.open_items import customers_with_open
from notifications.models import MailText, Message

from .given import buyer, finished_order
from .test_payment_code import fields
from .test_pdf import page_texts

PAGE = reverse("invoicing:reminders")


def late(customer, owner, days, price="100.00"):
    """An invoice that should have been paid so many days ago."""
    cache.clear()
    on = timezone.localdate() - timedelta(days=days + 14)
    return draw_up(customer.company, customer, [finished_order(customer, price, by=owner.membership)], by=owner.membership, on=on)


def keys():
    return [one.key for one in reminding.due()]


def earlier(reminder, days):
    Reminder.objects.filter(pk=reminder.pk).update(made_at=timezone.now() - timedelta(days=days))


# --- who is reminded ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "expected"), [(6, []), (7, ["first"]), (30, ["first"])])
def test_a_first_one_after_the_days_the_owner_set(owner, garage, days, expected):
    invoice = late(garage, owner, days)

    assert keys() == [f"{invoice.pk}-{level}" for level in expected]


def test_a_second_one_later_and_never_within_a_week_of_the_first(owner, garage):
    invoice = late(garage, owner, 30)
    reminding.send(keys(), by=owner.membership)
    assert keys() == []
    earlier(Reminder.objects.get(), 7)
    assert keys() == [f"{invoice.pk}-second"]

    reminding.send(keys(), by=owner.membership)

    assert keys() == []
    assert list(Reminder.objects.values_list("level", flat=True)) == ["first", "second"]


def test_who_paid_is_not_reminded_and_who_paid_a_part_of_the_rest(owner, garage):
    part, paid = late(garage, owner, 30), late(garage, owner, 29)
    for invoice, amount in ((part, Decimal("21.00")), (paid, paid.gross_total)):
        payments.register(invoice, amount, on=timezone.localdate(), method="bank", by=owner.membership)

    [one] = reminding.due()

    assert one.invoice == part
    assert "100,00" in reminding.preview(one)["text"]


def test_neither_a_customer_nor_an_invoice_that_is_stopped(owner, seller):
    never, now = buyer(name="Nooit", no_reminders=True), buyer(name="Nu")
    late(never, owner, 30)
    invoice = late(now, owner, 29)
    stop = reverse("invoicing:reminder-stop", args=[invoice.pk])
    assert len(keys()) == 1

    assertContains(owner.post(stop, follow=True), "geen herinneringen uit")
    assert keys() == []
    assertContains(owner.post(stop, follow=True), "weer herinneringen")
    assert len(keys()) == 1


# --- what it says ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "costs"),
    [
        ("100", "40.00"),
        ("266.67", "40.00"),
        ("1000", "150.00"),
        ("2500", "375.00"),
        ("5000", "625.00"),
        ("10000", "875.00"),
        ("1000000", "6775.00"),
    ],
)
def test_the_costs_are_those_of_the_law(amount, costs):
    assert reminding.collection_costs(Decimal(amount)) == Decimal(costs)


@pytest.mark.parametrize(("is_private", "said"), [(True, "6:119 BW"), (False, "handelsrente")])
def test_the_second_names_what_the_law_allows(owner, garage, is_private, said):
    garage.type.is_private = is_private
    garage.type.save()
    late(garage, owner, 40, "1000.00")
    reminding.send(keys(), by=owner.membership)
    earlier(Reminder.objects.get(), 8)

    text = reminding.preview(reminding.due()[0])["text"]

    assert said in text
    assert "181,50" in text  # 15% of 1,210


@pytest.mark.parametrize("language", ["nl", "en", "de"])
def test_it_is_in_the_language_of_the_customer(owner, garage, language):
    garage.language = language
    garage.save()
    late(garage, owner, 30)
    subjects = {"nl": "Herinnering", "en": "Reminder", "de": "Zahlungserinnerung"}

    assert reminding.preview(reminding.due()[0])["subject"].startswith(subjects[language])


# --- pages -------------------------------------------------------------------------------------------------------


def test_the_owner_looks_and_sends_what_is_ticked(owner, garage):
    wanted, other = late(garage, owner, 30), late(garage, owner, 29)
    assertContains(owner.get(reverse("invoicing:open-items")), "Herinneren (2)")
    assertContains(owner.get(PAGE), 'name="send"', count=2)
    preview = owner.get(reverse("invoicing:reminder-preview", args=[wanted.pk]))
    assertContains(preview, wanted.number)
    assert not Message.objects.exists()

    assertContains(owner.post(PAGE, {"send": [f"{wanted.pk}-first"]}, follow=True), "1 herinnering wordt verstuurd")

    message = Message.objects.get()
    assert (message.event, message.to_email) == ("reminder", "bakker@garage.example")
    assert keys() == [f"{other.pk}-first"]
    assertContains(owner.get(reverse("invoicing:detail", args=[wanted.pk])), "Eerste herinnering")


def test_sent_twice_is_sent_once(owner, garage):
    invoice = late(garage, owner, 30)

    for _press in range(2):
        owner.post(PAGE, {"send": [f"{invoice.pk}-first"]})

    assert Message.objects.count() == Reminder.objects.count() == 1


@pytest.mark.parametrize("rubbish", ["", "x", "-", "9-9-9", "99999999999999999999-first", "\u00b2-first", "1-second"])
def test_rubbish_sends_nothing(owner, garage, rubbish):
    late(garage, owner, 30)

    assert owner.post(PAGE, {"send": [rubbish]}).status_code == 302

    assert not Reminder.objects.exists()


def test_of_what_was_partly_paid_the_paper_asks_the_rest(owner, garage):
    invoice = late(garage, owner, 10)
    tasks.make_pdf(invoice.company_id, invoice.pk)
    payments.register(invoice, Decimal("71.00"), on=timezone.localdate(), method="bank", by=owner.membership)

    reminding.send(keys(), by=owner.membership)

    reminder, mail = Reminder.objects.get(), Message.objects.get(event="reminder")
    invoice.refresh_from_db()
    assert mail.attachments == [[reminder.pdf.name, f"{invoice}.pdf"]]
    assert reminder.pdf.name != invoice.pdf.name
    [page] = page_texts(pdf.document(invoice))
    text = " ".join(page.split())
    assert "Al betaald € 71,00 Nog te betalen € 50,00" in text
    assert "Wilt u € 50,00 uiterlijk" in text
    assert fields(invoice)["amount"] == 50


def test_without_an_address_it_says_so(owner, seller):
    invoice = late(buyer(email=""), owner, 30)

    assertContains(owner.get(PAGE), "geen e-mailadres")
    owner.post(PAGE, {"send": [f"{invoice.pk}-first"]})

    assert not Reminder.objects.exists()
    assert owner.get(reverse("invoicing:reminder-preview", args=[invoice.pk])).status_code == 404


def test_the_list_asks_as_much_for_one_as_for_five(owner, garage, django_assert_max_num_queries):
    counts = []
    for number in (1, 4):
        for _invoice in range(number):
            late(garage, owner, 30)
        owner.get(PAGE)
        with django_assert_max_num_queries(20) as captured:
            owner.get(PAGE)
        counts.append(len(captured))

    assert counts[0] == counts[1]


# --- what is open ------------------------------------------------------------------------------------------------


def test_what_is_open_stands_by_its_age(owner, garage):
    for age, price in ((100, "40.00"), (61, "30.00"), (31, "20.00"), (0, "10.00")):
        invoice = late(garage, owner, age - 14, price)
    payments.register(invoice, Decimal("2.10"), on=timezone.localdate(), method="bank", by=owner.membership)

    [found] = customers_with_open()

    assert (found.to_30, found.to_60, found.to_90, found.older) == tuple(Decimal(amount) for amount in ("10.00", "24.20", "36.30", "48.40"))
    assert (found.open, found.count) == (Decimal("118.90"), 4)
    assertContains(owner.get(reverse("invoicing:open-items")), "118,90")


def test_who_paid_everything_is_not_in_it(owner, garage):
    invoice = late(garage, owner, 1)
    payments.register(invoice, invoice.gross_total, on=timezone.localdate(), method="bank", by=owner.membership)

    page = owner.get(reverse("invoicing:open-items"))

    assertContains(page, "Alles is betaald")
    assertNotContains(page, "Garage Bakker")


@pytest.mark.parametrize("is_private", [False, True])
def test_what_is_reminded_together_has_its_costs_counted_together(owner, seller, is_private):
    customer = buyer(name="Jansen", type__is_private=is_private, type__name="Soort")
    first, second = late(customer, owner, 40, "1000.00"), late(customer, owner, 39, "2000.00")
    reminding.send(keys(), by=owner.membership)
    Reminder.objects.update(made_at=timezone.now() - timedelta(days=8))

    reminding.send(keys(), by=owner.membership)

    for invoice in (first, second):
        text = Message.objects.get(event="reminder_2", event_key=str(invoice.pk)).text.replace("\xa0", " ")
        assert f"{first.number}, {second.number}, samen € 3.630,00" in text
        assert "€ 488,00 incassokosten" in text  # 15 % of 2,500 and 10 % of the rest, once


def test_of_one_invoice_alone_the_costs_are_its_own(owner, seller):
    one, other = late(buyer(name="Een"), owner, 40, "1000.00"), late(buyer(name="Ander"), owner, 39, "2000.00")
    reminding.send(keys(), by=owner.membership)
    Reminder.objects.update(made_at=timezone.now() - timedelta(days=8))

    reminding.send(keys(), by=owner.membership)

    texts = [Message.objects.get(event="reminder_2", event_key=str(invoice.pk)).text for invoice in (one, other)]
    assert ["€\xa0181,50" in texts[0], "€\xa0363,00" in texts[1]] == [True, True]


def test_an_own_text_says_what_the_law_asks_of_a_second_reminder(owner, garage):
    page = reverse("notifications:mail-text", args=["reminder_2", "nl"])
    response = owner.post(page, {"subject": "Betaal", "body": "Dag {naam}"})
    assert response.status_code == 422
    MailText.objects.create(event="reminder_2", language="nl", subject="Betaal", body="Dag {naam}")  # written before it had to
    late(garage, owner, 40)
    reminding.send(keys(), by=owner.membership)
    Reminder.objects.update(made_at=timezone.now() - timedelta(days=8))

    reminding.send(keys(), by=owner.membership)

    assert "artikel 6:96 BW" in Message.objects.get(event="reminder_2").text
