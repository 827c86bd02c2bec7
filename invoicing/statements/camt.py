"""CAMT.053 and .052 (ISO 20022), every version: the statements of a bank, read once from front to back and forgotten as it goes."""

import io
from datetime import date
from decimal import Decimal

from lxml import etree

from .entries import Entry, Part, Statement, amount_of, iban_of
from .tagged import given, part_of

STATEMENTS = ("Stmt", "Rpt")
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)  # external code list BalanceType
BOOKED = "BOOK"  # EntryStatus; PDNG and INFO are no money
RETURNS = {"UPDD", "PRDD", "RCDD", "RRTN"}  # external code list BankTransactionSubFamily: a debit or transfer that came back


class NotCamt(Exception):
    """XML, perhaps, but no statement."""


def statements(data):
    """The `Statement`s in the bytes of a file. Raises `NotCamt`."""
    statement, is_statement = Statement(), False
    events = etree.iterparse(
        io.BytesIO(data),
        tag=("{*}Ntry", "{*}Acct", "{*}Bal", *(f"{{*}}{name}" for name in STATEMENTS)),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for _event, element in events:
            kind = etree.QName(element).localname
            if kind == "Ntry":
                statement.entries += _of_entry(element, statement.account)
                _forget(element)
            elif kind in STATEMENTS:
                yield statement
                statement, is_statement = Statement(), True
                _forget(element)
            elif etree.QName(element.getparent()).localname in STATEMENTS:
                _about(statement, element, kind)
    except etree.XMLSyntaxError:
        raise NotCamt from None
    if not is_statement:
        raise NotCamt


def _about(statement, element, kind):
    """Take the account or a balance of a statement."""
    if kind == "Acct":
        statement.account = _text(element, ".//{*}Id//{*}IBAN")
        return
    code, amount = _text(element, "{*}Tp//{*}Cd"), element.find("{*}Amt")
    if amount is None or code not in OPENING + CLOSING:
        return
    statement.currency = amount.get("Ccy", "")
    value = _signed(element, amount_of(amount.text or ""))
    if code in CLOSING:
        statement.closing = value
    elif statement.opening is None or code == OPENING[0]:
        statement.opening = value


def _forget(element):
    """Take what was read out of the tree, so that no search walks through it again and no file fills the memory."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _of_entry(entry, account):
    """`[Entry]` of a booked entry, `[]` of any other."""
    status = entry.find("{*}Sts")
    if status is not None and (_text(status, "{*}Cd") or status.text or "").strip() != BOOKED:
        return []
    amount = entry.find("{*}Amt")
    currency, total = "" if amount is None else amount.get("Ccy", ""), amount_of(_text(entry, "{*}Amt"))
    day = _text(entry, "{*}BookgDt//{*}Dt") or _text(entry, "{*}BookgDt//{*}DtTm") or _text(entry, "{*}ValDt/*")
    is_reversal = _text(entry, "{*}RvslInd") in {"true", "1"}
    of_entry = {
        "is_incoming": _text(entry, "{*}CdtDbtInd") == "CRDT",
        "is_return": is_reversal or _text(entry, "{*}BkTxCd//{*}SubFmlyCd") in RETURNS,
        "more": _text(entry, "{*}AddtlNtryInf"),
    }
    details = entry.findall("{*}NtryDtls/{*}TxDtls")
    parts = [_part(detail, currency=currency, account=account, **of_entry) for detail in details]
    if not parts:
        parts = [part_of(of_entry["more"], is_return=of_entry["is_return"])]
    return [Entry(date.fromisoformat(day[:10]), _signed(entry, total), currency, parts)]


def _part(detail, *, currency, account, is_incoming, is_return, more):
    direction = _text(detail, "{*}CdtDbtInd")
    is_incoming = direction == "CRDT" if direction else is_incoming
    amount = _own_amount(detail, currency)
    reason = _text(detail, "{*}RtrInf/{*}Rsn/{*}Cd") or _text(detail, "{*}RtrInf/{*}Rsn/{*}Prtry")
    name, iban = _other_party(detail, account, is_incoming)
    free = " ".join(text.text.strip() for text in detail.findall("{*}RmtInf/{*}Ustrd") if text.text)
    reference = _text(detail, "{*}RmtInf/{*}Strd/{*}CdtrRefInf/{*}Ref")
    told = part_of(free or ("" if reference else _text(detail, "{*}AddtlTxInf") or more))
    return Part(
        amount=None if amount is None else amount if is_incoming else -amount,
        charges=sum((_signed(charge, amount_of(_text(charge, "{*}Amt"))) for charge in _charges(detail)), Decimal(0)),
        name=name or told.name,
        iban=iban or told.iban,
        description=" ".join(filter(None, [told.description, "" if reference in told.description else reference])),
        end_to_end_id=given(_text(detail, "{*}Refs/{*}EndToEndId")) or told.end_to_end_id,
        mandate=given(_text(detail, "{*}Refs/{*}MndtId")) or told.mandate,
        reference=reference or told.reference,
        is_return=is_return or told.is_return or detail.find("{*}RtrInf") is not None,
        return_reason=reason or told.return_reason,
    )


def _own_amount(detail, currency):
    """What this payment is in the currency of the account; None when the bank does not say. What was instructed may be in another."""
    for path in ("{*}Amt", "{*}AmtDtls/{*}TxAmt/{*}Amt", "{*}AmtDtls/{*}CntrValAmt/{*}Amt", "{*}AmtDtls/{*}InstdAmt/{*}Amt"):
        found = detail.find(path)
        if found is not None and found.get("Ccy", currency) == currency:
            return amount_of(found.text or "")
    return None


def _charges(detail):
    """The charges that were taken off, of before 001.04 and of after it."""
    return [found for path in ("{*}Chrgs", "{*}Chrgs/{*}Rcrd") for found in detail.findall(path) if found.find("{*}Amt") is not None]


def _other_party(detail, account, is_incoming):
    """`(name, IBAN)` of whom the money came from or went to. A return names the parties as they were, or the other way round."""
    for party in ("Dbtr", "Cdtr") if is_incoming else ("Cdtr", "Dbtr"):
        name = _text(detail, f"{{*}}RltdPties/{{*}}{party}//{{*}}Nm")
        iban = iban_of(_text(detail, f"{{*}}RltdPties/{{*}}{party}Acct//{{*}}IBAN"))
        if (name or iban) and not (iban and iban == account):
            return name, iban
    return "", ""


def _signed(element, amount):
    """An amount with the sign of the element's own mark; the mark of something in it is another's."""
    return -amount if _text(element, "{*}CdtDbtInd") == "DBIT" else amount


def _text(element, path):
    found = element.find(path)
    return "" if found is None else (found.text or "").strip()
