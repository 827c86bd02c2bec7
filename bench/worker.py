"""A process that makes PDFs and mails as a Celery worker would; Django is set up in it first, so nothing of it is imported here."""

import time


def set_up():
    import django

    django.setup()
    import invoicing.tasks  # noqa: F401 (a worker has loaded its tasks)
    from cleanconnect.celery import keep_what_is_loaded

    keep_what_is_loaded()


def ready(_number):
    time.sleep(0.5)


def make(company_id, invoice_id):
    """As the tasks do; returns whether the mail went."""
    from cleanconnect.tenancy import context
    from invoicing.tasks import make_pdf
    from notifications.models import Message
    from notifications.tasks import deliver

    make_pdf(company_id, invoice_id)
    with context.company(company_id):
        message = Message.objects.get(event="invoice", event_key=str(invoice_id))
    deliver(company_id, message.pk)
    with context.company(company_id):
        return Message.objects.get(pk=message.pk).state == Message.State.SENT
