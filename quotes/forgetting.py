"""A private customer asks to be forgotten: the quotes go, but for those that became work, which lose what names the person."""

from .models import Quote


def forget(customer):
    """Take out of the quotes of a customer what names the person."""
    quotes = Quote.objects.filter(customer=customer)
    quotes.filter(order=None).delete()
    quotes.update(plate="", text="", reason="", answered_name="", answered_ip=None)
