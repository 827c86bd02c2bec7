from .invoices import Invoice, InvoiceLine
from .runs import InvoiceRun, Proposal, ProposedOrder

__all__ = ["Invoice", "InvoiceLine", "InvoiceRun", "Proposal", "ProposedOrder"]
