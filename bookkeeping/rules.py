"""What Exact Online and the tax authority ask of a file, as rules of our own: a file that breaks one is not handed out.

They say the same as the published schemas (eExact-XML.xsd, XmlAuditfileFinancieel3.2.xsd) do of the elements that we write, and what a
schema cannot say: that each transaction balances.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from lxml import etree

INTEGER, AMOUNT, DAY = r"-?\d+", r"-?\d{1,18}\.\d{2}", r"\d{4}-\d{2}-\d{2}"


@dataclass(frozen=True)
class Rule:
    """Of an element: its children in their order (each `?`, `+` or `*`), its attributes (`{name: pattern}`, `?` behind one that may lack)
    and its text."""

    children: str = ""
    attributes: dict = field(default_factory=dict)
    text: str = r"\s*"


def text(length, least=0):
    """The pattern of a text of so many signs."""
    return rf"(?s).{{{least},{length}}}"


CODE = {"code": text(40, 1)}
NUMBER = {"number": INTEGER}
EXACT = {
    "eExact": Rule("GLTransactions"),
    "GLTransactions": Rule("GLTransaction+"),
    "GLTransaction": Rule("TransactionType Journal Date Description GLTransactionLine+", {"entry?": INTEGER}),
    "TransactionType": Rule(attributes=NUMBER),
    "Journal": Rule(attributes=CODE),
    "Date": Rule(text=DAY),
    "Description": Rule(text=text(60)),
    "GLTransactionLine": Rule(
        "Date FinYear FinPeriod GLAccount Description Account Amount References",
        {"type": "20", "linetype": "0", "line": INTEGER, "status": "20|50"},
    ),
    "FinYear": Rule(attributes=NUMBER),
    "FinPeriod": Rule(attributes={"number": "[1-9]|1[0-2]"}),
    "GLAccount": Rule(attributes=CODE),
    "Account": Rule(attributes=CODE),
    "Amount": Rule("Currency Value VAT?"),
    "Currency": Rule(attributes={"code": "[A-Z]{3}"}),
    "Value": Rule(text=AMOUNT),
    "VAT": Rule(attributes=CODE),
    "References": Rule("YourRef"),
    "YourRef": Rule(text=text(30, 1)),
}
ID, MARK = text(35, 1), "[DC]"
XAF = {
    "auditfile": Rule("header company"),
    "header": Rule("fiscalYear startDate endDate curCode dateCreated softwareDesc"),
    "fiscalYear": Rule(text=text(9, 4)),
    "startDate": Rule(text=DAY),
    "endDate": Rule(text=DAY),
    "curCode": Rule(text="EUR"),
    "dateCreated": Rule(text=DAY),
    "softwareDesc": Rule(text=text(50)),
    "company": Rule(
        "companyIdent? companyName taxRegistrationCountry taxRegIdent customersSuppliers generalLedger vatCodes periods transactions"
    ),
    "companyIdent": Rule(text=ID),
    "companyName": Rule(text=text(999)),
    "taxRegistrationCountry": Rule(text="(?!EL|XI)[A-Z]{2}"),
    "taxRegIdent": Rule(text=text(30)),
    "customersSuppliers": Rule("customerSupplier+"),
    "customerSupplier": Rule("custSupID custSupName commerceNr? taxRegistrationCountry? taxRegIdent? custSupTp"),
    "custSupID": Rule(text=ID),
    "custSupName": Rule(text=text(50)),
    "commerceNr": Rule(text=text(999)),
    "custSupTp": Rule(text="C"),
    "generalLedger": Rule("ledgerAccount+"),
    "ledgerAccount": Rule("accID accDesc accTp"),
    "accID": Rule(text=ID),
    "accDesc": Rule(text=text(999)),
    "accTp": Rule(text="P|B|M"),
    "vatCodes": Rule("vatCode+"),
    "vatCode": Rule("vatID vatDesc vatToPayAccID?"),
    "vatID": Rule(text=ID),
    "vatDesc": Rule(text=text(999)),
    "vatToPayAccID": Rule(text=ID),
    "periods": Rule("period+"),
    "period": Rule("periodNumber startDatePeriod endDatePeriod"),
    "periodNumber": Rule(text=r"\d{1,3}"),
    "startDatePeriod": Rule(text=DAY),
    "endDatePeriod": Rule(text=DAY),
    "transactions": Rule("linesCount totalDebit totalCredit journal+"),
    "linesCount": Rule(text=r"\d{1,10}"),
    "totalDebit": Rule(text=AMOUNT),
    "totalCredit": Rule(text=AMOUNT),
    "journal": Rule("jrnID desc jrnTp transaction+"),
    "jrnID": Rule(text=ID),
    "desc": Rule(text=text(9999)),
    "jrnTp": Rule(text="S"),
    "transaction": Rule("nr desc periodNumber trDt trLine*"),
    "nr": Rule(text=ID),
    "trDt": Rule(text=DAY),
    "trLine": Rule("nr accID docRef effDate desc amnt amntTp custSupID invRef vat?"),
    "docRef": Rule(text=text(999)),
    "effDate": Rule(text=DAY),
    "amnt": Rule(text=AMOUNT),
    "amntTp": Rule(text=MARK),
    "invRef": Rule(text=text(999)),
    "vat": Rule("vatID vatPerc vatAmnt vatAmntTp"),
    "vatPerc": Rule(text=r"\d{1,5}\.\d{3}"),
    "vatAmnt": Rule(text=AMOUNT),
    "vatAmntTp": Rule(text=MARK),
}


def broken(root, rules):
    """What in a file is against the rules, in words; [] when nothing is."""
    found = []
    for element in root.iter("*"):
        name = etree.QName(element).localname
        rule = rules.get(name)
        found += [f"{name}: unknown element"] if rule is None else [f"{name}: {what}" for what in _wrong(element, rule)]
    return found or list(_unbalanced(root))


def _wrong(element, rule):
    names = "".join(f"{etree.QName(child).localname} " for child in element)
    order = "".join(f"(?:{name.rstrip('?+*')} ){name[len(name.rstrip('?+*')) :]}" for name in rule.children.split())
    if not re.fullmatch(order, names):
        yield f"its children are {names or 'none'}"
    if not re.fullmatch(rule.text, element.text or ""):
        yield f"its text is {element.text!r}"
    known = {name.rstrip("?"): pattern for name, pattern in rule.attributes.items()}
    for name, value in element.attrib.items():
        if name not in known or not re.fullmatch(known[name], value):
            yield f"its attribute {name} is {value!r}"
    for name in rule.attributes:
        if not name.endswith("?") and name not in element.attrib:
            yield f"it lacks the attribute {name}"


def _unbalanced(root):
    """The transactions of which debit is not credit."""
    for transaction in root.iter("GLTransaction", "{*}transaction"):
        signed = [Decimal(value.text or 0) for value in transaction.iter("Value")]
        for line in transaction.iter("{*}trLine"):
            amount = Decimal(line.findtext("{*}amnt") or 0)
            signed.append(amount if line.findtext("{*}amntTp") == "D" else -amount)
        if sum(signed):
            yield f"{etree.QName(transaction).localname}: it comes to {sum(signed)}"
