from .debits import Debit, DebitBatch, Mandate
from .invoices import Invoice, InvoiceLine
from .online import OnlinePayment, PaymentAccount
from .payments import READER, BankLine, BankStatement, Payment
from .refunds import Refund, RefundBatch
from .reminders import Reminder
from .runs import InvoiceRun, Proposal, ProposedOrder

__all__ = [
    "READER",
    "BankLine",
    "BankStatement",
    "Debit",
    "DebitBatch",
    "Invoice",
    "InvoiceLine",
    "InvoiceRun",
    "Mandate",
    "OnlinePayment",
    "Payment",
    "PaymentAccount",
    "Proposal",
    "ProposedOrder",
    "Refund",
    "RefundBatch",
    "Reminder",
]
