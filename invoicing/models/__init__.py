from .invoices import Invoice, InvoiceLine
from .payments import BankLine, Payment
from .reminders import Reminder
from .runs import InvoiceRun, Proposal, ProposedOrder

__all__ = ["BankLine", "Invoice", "InvoiceLine", "InvoiceRun", "Payment", "Proposal", "ProposedOrder", "Reminder"]
