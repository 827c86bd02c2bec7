"""A bank statement as XML is read once, entry by entry: twice as many entries are twice the work."""

from dataclasses import astuple
from pathlib import Path

import pytest

from invoicing import camt

DATA = Path(__file__).parent / "data"
ENTRY = (
    "<Ntry><Amt Ccy='EUR'>1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-19</Dt></BookgDt>"
    "<NtryDtls><TxDtls><RmtInf><Ustrd>%s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
)


def statement(entries, *, account="<Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></Acct>", kind="Stmt", version="02"):
    namespace = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    return f"<Document xmlns='{namespace}'><BkToCstmrStmt><{kind}>{account}{entries}</{kind}></BkToCstmrStmt></Document>".encode()


@pytest.fixture
def walked(monkeypatch):
    """How many elements a search could have walked through, each time an entry was read."""
    sizes, read = [], camt._of_entry

    def counted(entry, account):
        sizes.append(sum(1 for _element in entry.getroottree().iter()))
        return read(entry, account)

    monkeypatch.setattr(camt, "_of_entry", counted)
    return sizes


@pytest.mark.parametrize("account", ["<Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></Acct>", "<Acct><Id><Othr/></Id></Acct>", ""])
def test_twice_as_many_entries_are_twice_the_work(walked, account):
    work = {}
    for count in (500, 1000, 2000):
        walked.clear()
        lines = list(camt.transactions(statement("".join(ENTRY % number for number in range(count)), account=account)))
        work[count] = sum(walked)
        assert [line.description for line in lines] == [str(number) for number in range(count)]

    assert work[2000] < 2.1 * work[1000]
    assert work[1000] < 2.1 * work[500]
    assert max(walked) < 2500  # what the parser reads ahead


def test_each_statement_of_a_file_has_its_own_account():
    first = statement(ENTRY % "a")
    both = first.replace(
        b"</BkToCstmrStmt>",
        b"<Stmt><Acct><Id><IBAN>NL20INGB0001234567</IBAN></Id></Acct>" + (ENTRY % "b").encode() + b"</Stmt></BkToCstmrStmt>",
    )

    assert [line.account for line in camt.transactions(both)] == ["NL91ABNA0417164300", "NL20INGB0001234567"]


def test_a_batch_is_its_details_each_with_its_own_amount():
    entry = (
        "<Ntry><Amt Ccy='EUR'>7.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><ValDt><DtTm>2026-11-19T08:00:00</DtTm></ValDt>"
        "<NtryDtls><TxDtls><AmtDtls><TxAmt><Amt Ccy='EUR'>3.00</Amt></TxAmt></AmtDtls>"
        "<RltdPties><Cdtr><Pty><Nm>Een</Nm></Pty></Cdtr></RltdPties>"
        "<RmtInf><Strd><CdtrRefInf><Ref>RF1</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>"
        "<TxDtls><CdtDbtInd>CRDT</CdtDbtInd><Amt Ccy='EUR'>4.00</Amt><RltdPties><Dbtr><Nm>Twee</Nm></Dbtr></RltdPties></TxDtls></NtryDtls>"
        "<AddtlNtryInf>samen</AddtlNtryInf></Ntry>"
    )

    lines = list(camt.transactions(statement(entry, version="08")))

    assert [astuple(line)[1:] for line in lines] == [
        (False, "3.00", "EUR", "BOOK", "2026-11-19T08:00:00", "Een", "", "RF1 samen"),
        (True, "4.00", "EUR", "BOOK", "2026-11-19T08:00:00", "Twee", "", "samen"),
    ]


def test_a_report_of_the_day_and_names_with_a_prefix_are_read_too():
    report = statement(ENTRY % "vandaag", kind="Rpt")
    prefixed = report.replace(b"xmlns=", b"xmlns:n=").replace(b"<", b"<n:").replace(b"<n:/", b"</n:")

    assert [line.description for data in (report, prefixed) for line in camt.transactions(data)] == ["vandaag", "vandaag"]


@pytest.mark.parametrize("data", [b"<a/>", b"<a", statement(ENTRY % "x")[:-20]])
def test_what_is_no_whole_statement_is_said(data):
    with pytest.raises(camt.NotCamt):
        list(camt.transactions(data))
