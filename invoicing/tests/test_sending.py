from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from cleanconnect import jobs
from cleanconnect.jobs import Job
from cleanconnect.tenancy import context
from invoicing import pdf, tasks
from invoicing.collecting import Discount, issue_invoice
from invoicing.models import Invoice
from notifications.models import Message
from tests.factories import MembershipFactory

from .given import buyer, finished_order


@pytest.fixture
def invoice(owner, garage):
    return issue_invoice(garage, [finished_order(garage, "25.00", by=owner.membership)], by=owner.membership)


def files(company):
    try:
        return default_storage.listdir(f"{company.pk}/facturen")[1]
    except FileNotFoundError:
        return []


def test_the_worker_keeps_the_pdf_and_posts_it(invoice, company):
    tasks.make_pdf(company.pk, invoice.pk)

    invoice.refresh_from_db()
    message = Message.objects.get()
    assert invoice.pdf.read().startswith(b"%PDF-")
    assert (message.event, message.event_key) == ("invoice", str(invoice.pk))
    assert (message.to_email, message.to_name) == ("bakker@garage.example", "Garage Bakker")
    assert message.attachments == [[invoice.pdf.name, f"Factuur {invoice.number}.pdf"]]
    assert message.subject == f"Factuur {invoice.number} van Glans Autopoets"
    assert "€\xa030,25" in message.text
    assert "NL91 ABNA 0417 1643 00" in message.text
    assert "CleanConnect" not in message.text


def test_the_mail_carries_the_pdf(invoice, company, mailoutbox):
    from notifications.tasks import deliver

    tasks.make_pdf(company.pk, invoice.pk)

    deliver(company.pk, Message.objects.get().pk)

    [mail] = mailoutbox
    name, content, kind = mail.attachments[0]
    assert (name, kind) == (f"Factuur {invoice.number}.pdf", "application/pdf")
    assert content.startswith(b"%PDF-")


def test_a_customer_with_a_login_is_told_where_the_invoice_stands(invoice, garage, company):
    MembershipFactory(role="customer", customer=garage)

    tasks.make_pdf(company.pk, invoice.pk)

    assert f"/facturen/overzicht/{invoice.pk}/" in Message.objects.get().text


def test_names_are_not_written_as_html_in_the_mail(owner, seller):
    customer = buyer(name="Jansen & <Zn>")
    invoice = issue_invoice(customer, [finished_order(customer, "25.00", by=owner.membership)], by=owner.membership)

    tasks.make_pdf(seller.pk, invoice.pk)

    assert "Beste Jansen & <Zn>," in Message.objects.get().text


def test_twice_is_once(invoice, company):
    tasks.make_pdf(company.pk, invoice.pk)
    first = Invoice.objects.get().pdf.name

    tasks.make_pdf(company.pk, invoice.pk)

    assert Invoice.objects.get().pdf.name == first
    assert len(files(company)) == 1
    assert Message.objects.count() == 1


def test_without_an_address_there_is_a_pdf_and_no_mail(owner, seller):
    customer = buyer(email="")
    invoice = issue_invoice(customer, [finished_order(customer, "25.00", by=owner.membership)], by=owner.membership)

    tasks.make_pdf(seller.pk, invoice.pk)

    assert Invoice.objects.get().pdf
    assert not Message.objects.exists()


def test_when_the_mail_fails_nothing_is_half_done(invoice, company, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("invoicing.sending.post", fail)

    with pytest.raises(RuntimeError):
        tasks.make_pdf(company.pk, invoice.pk)

    assert not Invoice.objects.get().pdf
    assert files(company) == []


def test_another_company_cannot_have_it_made(invoice, company, neighbour):
    tasks.make_pdf(neighbour.company.pk, invoice.pk)

    with context.company(company.pk):
        assert not Invoice.objects.get().pdf


def test_the_sweep_finds_what_lost_its_nudge_in_every_company(invoice, company, neighbour, nudges):
    theirs = neighbour.rows[Invoice]
    for of in (company, neighbour.company):
        with context.company(of.pk):
            jobs.add(tasks.make_pdf, Invoice.objects.get())
            Job.objects.update(nudged_at=None)

    jobs.sweep()

    assert sorted(nudges) == sorted([(company.pk, invoice.pk), (neighbour.company.pk, theirs.pk)])


def test_the_sweep_leaves_what_is_done(invoice, company, nudges):
    tasks.make_pdf(company.pk, invoice.pk)

    jobs.sweep()

    assert nudges == []


def test_an_invoice_is_rendered_with_what_it_keeps_not_with_what_changed_since(invoice, garage, company):
    garage.name = "Nieuwe Naam"
    garage.save()
    company.iban = "NL20INGB0001234567"
    company.save()

    tasks.make_pdf(company.pk, invoice.pk)

    from .test_pdf import page_texts

    [text] = page_texts(pdf.document(Invoice.objects.get()))
    assert "Garage Bakker" in text
    assert "Nieuwe Naam" not in text
    assert "NL91 ABNA" in text


def test_the_mail_of_an_invoice_of_nil_asks_for_nothing(owner, garage, company):
    order = finished_order(garage, "25.00", by=owner.membership)
    invoice = issue_invoice(garage, [order], by=owner.membership, discount=Discount(Decimal(100)))
    assert invoice.gross_total == 0

    tasks.make_pdf(company.pk, invoice.pk)

    message = Message.objects.get()
    assert (message.event, "u hoeft niets te betalen" in message.text) == ("invoice_nil", True)
    assert "overmaken" not in message.text
    assert "0,00" not in message.text


def test_a_slash_in_the_number_is_none_in_the_names_of_files(owner, garage, company):
    type(company).objects.filter(pk=company.pk).update(invoice_number_format="{jaar}/{nummer}")
    company.refresh_from_db()
    garage.company = company
    invoice = issue_invoice(garage, [finished_order(garage, "25.00", by=owner.membership)], by=owner.membership)
    assert "/" in invoice.number

    tasks.make_pdf(company.pk, invoice.pk)

    [[_stored, name]] = Message.objects.get().attachments
    assert name == f"Factuur {invoice.number.replace('/', '-')}.pdf"
    download = owner.get(reverse("invoicing:pdf", args=[invoice.pk]))
    assert f'filename="{name}"' in download["Content-Disposition"]
