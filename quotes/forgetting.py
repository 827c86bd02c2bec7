"""A private customer asks to be forgotten: the quotes go, but for those that became work, which lose what names the person."""

from .models import Quote


def on_forgotten(sender, *, customer, **kwargs):
    quotes = Quote.objects.filter(customer=customer)
    quotes.filter(order=None).delete()
    quotes.update(plate="", text="", reason="", answered_name="", answered_ip=None)
