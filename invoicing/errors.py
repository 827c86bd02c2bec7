class InvoicingError(Exception):
    """An invoice, or a payment of one, that may not be; the message is for the screen."""
