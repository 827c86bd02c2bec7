"""MT940 (SWIFT) as Dutch banks write it, each in its own dialect, with the library of that name."""

import re
from dataclasses import replace
from itertools import pairwise

import mt940

from .entries import Entry, Statement, amount_of, iban_of
from .tagged import given, part_of

_FIELD = re.compile(r"^:(\d{2}[A-Z]?|NS):", re.MULTILINE)
_END = re.compile(r"^(-\}?|-XXX)\s*(\{5:.*)?$", re.MULTILINE)
_WIDTH = 65  # of a line of field 86: what is as long goes on in the next line, within a word
_RETURN_CODES = {"NRTI", "NRTN"}  # field 61, kind of transaction: a returned item
_BALANCES = ("final_{}_balance", "intermediate_{}_balance", "{}_balance")


class NotMt940(Exception):
    """No statement in MT940."""


class _Line(mt940.tags.StatementASNB):
    """Field 61 of any bank: ASN, SNS and RegioBank write an account where others have a reference of at most 16 signs."""

    pattern = r"""^
    (?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})
    (?P<entry_month>\d{2}|\s{2})?(?P<entry_day>\d{2}|\s{2})?
    (?P<status>R?[DC])(?P<funds_code>[A-Z])?
    [\n ]?(?P<amount>[\d,]{1,15})
    (?P<id>[A-Z][A-Z0-9 ]{3})?
    (?P<customer_reference>(?:(?!//)[^\n])*)
    (//(?P<bank_reference>[^\n]*))?
    (?P<extra_details>[\s\S]*)
    $"""


def looks_like_one(data):
    """Whether these bytes can be an MT940, without reading it."""
    return b":25:" in data and b":60" in data


def statements(data):
    """The `Statement`s in the bytes of a file. Raises `NotMt940`."""
    if not looks_like_one(data):
        raise NotMt940
    found = mt940.parse_statements(_tidy(_decoded(data)), tags={61: _Line()}, options=mt940.Options.all())
    for statement in found:
        about = statement.data
        yield Statement(
            account=_account(about.get("account_identification") or ""),
            currency=statement.currency or "",
            opening=_balance(about, "opening"),
            closing=_balance(about, "closing"),
            entries=[_entry(line.data) for line in statement if line.data.get("amount")],
        )


def _decoded(data):
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("windows-1252", errors="replace")


def _tidy(text):
    """The file as the library wants it: a field 20 before each account, no texts of the bank behind the last line, whole lines in 86."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    fields, is_closed, has_begun = [], False, False
    for name, value in _fields(_END.sub("", text)):
        is_closed = name.startswith("62") or (is_closed and name not in {"20", "25", "61"})
        if name == "25" and not has_begun:
            fields.append(":20:-")
        has_begun = name == "20" or (has_begun and not name.startswith("62"))
        if name == "86":
            if is_closed:
                continue
            value = _unfolded(value)
        fields.append(f":{name}:{value}")
    return "\n".join(fields)


def _fields(text):
    starts = list(_FIELD.finditer(text))
    for here, after in zip(starts, [*starts[1:], None], strict=True):
        value = text[here.end() : after.start() if after else len(text)].strip("\n")
        yield here[1], value.partition("\n{1:")[0]


def _unfolded(value):
    """The lines of field 86 as one."""
    if re.match(r"\d{3}>\d\d", value):
        value = re.sub(r">(?=\d\d)", "?", value)  # Triodos
    lines = value.split("\n")
    whole = lines[0]
    for before, line in pairwise(lines):
        whole += line if len(before) >= _WIDTH or line.startswith(("/", "?")) else f" {line}"
    return re.sub(r" {2,}", " ", whole).strip()


def _account(text):
    """The IBAN, without the currency that ING writes behind it; else what the bank calls the account."""
    first = text.split()[0] if text.split() else ""
    return iban_of(first) or iban_of(first[:-3]) or first.rpartition("/")[2]


def _balance(about, which):
    for name in _BALANCES:
        found = about.get(name.format(which))
        if found is not None and hasattr(found.amount, "amount"):
            return amount_of(str(found.amount.amount))
    return None


def _entry(about):
    details = about.get("transaction_details") or about.get("purpose") or ""
    under = (about.get("extra_details") or "").strip()
    reference = (about.get("customer_reference") or "").strip()
    name, account = "", iban_of(under.partition("\n")[0])  # Rabobank has the account of the other party under field 61
    if reference and details.startswith(reference):  # ASN, SNS and RegioBank have it in field 61, and both again before the text
        name, account = under, iban_of(reference)
        details = details.removeprefix(reference).strip().removeprefix(name).strip()
        reference = ""
    part = part_of(
        details.strip(),
        name=about.get("applicant_name") or "",
        iban=iban_of(about.get("applicant_iban") or ""),
        is_return=about["status"].upper().startswith("R") or about.get("id") in _RETURN_CODES,
    )
    part = replace(
        part,
        name=part.name or name,
        iban=part.iban or account,
        end_to_end_id=part.end_to_end_id or about.get("end_to_end_reference") or "",
        reference=part.reference or given(reference),
    )
    return Entry(about["date"], amount_of(str(about["amount"].amount)), about["amount"].currency or "", [part])
