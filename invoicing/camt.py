"""CAMT.053 and .052 (ISO 20022): the entries of a bank's statement, read once from front to back and forgotten as it goes."""

import io
from dataclasses import dataclass

from lxml import etree

STATEMENTS = ("{*}Stmt", "{*}Rpt")


class NotCamt(Exception):
    """XML, perhaps, but no statement."""


@dataclass(frozen=True)
class Transaction:
    """One transaction as the file has it; texts are "" where the bank said nothing, and `amount` is never negative."""

    account: str
    is_incoming: bool
    amount: str
    currency: str
    status: str
    booked_on: str
    name: str
    iban: str
    description: str


def transactions(data):
    """The transactions in the bytes of a file: those of an entry's details, or the entry itself. Raises `NotCamt`."""
    account, is_statement = "", False
    events = etree.iterparse(
        io.BytesIO(data), tag=("{*}Ntry", "{*}Acct", *STATEMENTS), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        for _event, element in events:
            kind = etree.QName(element).localname
            if kind == "Ntry":
                yield from _of_entry(element, account)
                _forget(element)
            elif kind == "Acct" and etree.QName(element.getparent()).localname in ("Stmt", "Rpt"):
                account = _text(element, ".//{*}Id//{*}IBAN")
            elif kind in ("Stmt", "Rpt"):
                account, is_statement = "", True
                _forget(element)
    except etree.XMLSyntaxError:
        raise NotCamt from None
    if not is_statement:
        raise NotCamt


def _forget(element):
    """Take what was read out of the tree, so that no search walks through it again and no file fills the memory."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _of_entry(entry, account):
    details = entry.findall(".//{*}NtryDtls//{*}TxDtls")
    amount = entry.find(".//{*}Amt")
    status = entry.find(".//{*}Sts")
    booked = entry.find(".//{*}BookgDt//*")
    day = booked if booked is not None else entry.find(".//{*}ValDt//*")
    of_entry = {
        "account": account,
        "currency": "" if amount is None else amount.get("Ccy", ""),
        "status": "" if status is None else _text(status, ".//{*}Cd") or status.text or "",
        "booked_on": "" if day is None else day.text or "",
    }
    direction, total, more = _text(entry, ".//{*}CdtDbtInd"), _text(entry, ".//{*}Amt"), _text(entry, ".//{*}AddtlNtryInf")
    for detail in details or [None]:
        is_incoming = (_text(detail, ".//{*}CdtDbtInd") or direction) == "CRDT"
        other = "Dbtr" if is_incoming else "Cdtr"
        yield Transaction(
            **of_entry,
            is_incoming=is_incoming,
            amount=_text(detail, ".//{*}Amt") or total,
            name=_text(detail, f".//{{*}}RltdPties//{{*}}{other}//{{*}}Nm"),
            iban=_text(detail, f".//{{*}}RltdPties//{{*}}{other}Acct//{{*}}Id//{{*}}IBAN"),
            description=" ".join(filter(None, [_remittance(detail), more])),
        )


def _remittance(detail):
    """What the payer wrote, and the reference of a structured remittance when that is not in it."""
    if detail is None:
        return ""
    free = " ".join(text.text.strip() for text in detail.findall(".//{*}RmtInf//{*}Ustrd") if text.text)
    reference = _text(detail, ".//{*}RmtInf//{*}Strd//{*}CdtrRefInf//{*}Ref")
    return " ".join(filter(None, [free, "" if reference in free else reference]))


def _text(element, path):
    found = None if element is None else element.find(path)
    return "" if found is None else found.text or ""
