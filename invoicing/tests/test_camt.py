"""A bank statement as XML is read once, entry by entry: twice as many entries are twice the work."""

import pytest

from invoicing.statements import camt, reading
from invoicing.statements.entries import NotAStatement

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
        lines = reading.read(statement("".join(ENTRY % number for number in range(count)), account=account))
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

    assert [line.account for line in reading.read(both)] == ["NL91ABNA0417164300", "NL20INGB0001234567"]


def entry(amount="7.00", mark="CRDT", status="BOOK", *, currency="EUR", details="", more=""):
    return (
        f"<Ntry><Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd><Sts>{status}</Sts>{more}"
        f"<BookgDt><Dt>2026-11-19</Dt></BookgDt><NtryDtls>{details}</NtryDtls></Ntry>"
    )


def balance(code, amount, mark="CRDT", currency="EUR"):
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd>"
        "<Dt><Dt>2026-11-19</Dt></Dt></Bal>"
    )


def detail(amount="", *, refs="", rest=""):
    amounts = f"<AmtDtls><TxAmt><Amt Ccy='EUR'>{amount}</Amt></TxAmt></AmtDtls>" if amount else ""
    return f"<TxDtls><Refs>{refs}</Refs>{amounts}{rest}</TxDtls>"


def amounts(*parts, **kwargs):
    return [str(line.amount) for line in reading.read(statement("".join(parts), **kwargs))]


def test_a_batch_is_its_details_each_with_its_own_amount():
    batch = (
        "<Ntry><Amt Ccy='EUR'>1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><ValDt><DtTm>2026-11-19T08:00:00</DtTm></ValDt>"
        "<NtryDtls><TxDtls><CdtDbtInd>DBIT</CdtDbtInd><AmtDtls><TxAmt><Amt Ccy='EUR'>3.00</Amt></TxAmt></AmtDtls>"
        "<RltdPties><Cdtr><Pty><Nm>Een</Nm></Pty></Cdtr></RltdPties>"
        "<RmtInf><Strd><CdtrRefInf><Ref>RF1</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>"
        "<TxDtls><Amt Ccy='EUR'>4.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Nm>Twee</Nm></Dbtr></RltdPties></TxDtls></NtryDtls>"
        "<AddtlNtryInf>samen</AddtlNtryInf></Ntry>"
    )

    lines = reading.read(statement(batch, version="08"))

    assert [(str(line.amount), line.name, line.description, line.reference) for line in lines] == [
        ("-3.00", "Een", "RF1", "RF1"),
        ("4.00", "Twee", "samen", ""),
    ]


@pytest.mark.parametrize("version", ["02", "03", "04", "08", "13"])
def test_a_batch_that_does_not_add_up_is_one_line_of_the_whole(version):
    without = entry("300.00", details=detail(rest="<RmtInf><Ustrd>een</Ustrd></RmtInf>") + detail() + detail())
    wrong = entry("300.00", details=detail("100.00") + detail("100.00"))

    assert amounts(without, wrong, version=version) == ["300.00", "300.00"]


@pytest.mark.parametrize("version", ["02", "08"])
def test_what_was_instructed_in_another_currency_is_not_what_came_in(version):
    instructed = "<AmtDtls><InstdAmt><Amt Ccy='GBP'>100.00</Amt></InstdAmt></AmtDtls>"

    assert amounts(entry("115.30", details=detail(rest=instructed)), version=version) == ["115.30"]


@pytest.mark.parametrize("status", ["INFO", "PDNG", "FUTR", "<Cd>PDNG</Cd>"])
def test_what_is_not_booked_is_no_money(status):
    assert amounts(entry("7.00", status=status), entry("5.00", status="<Cd>BOOK</Cd>")) == ["5.00"]


def test_balances_and_lines_must_add_up():
    entries = entry("30.00") + entry("10.00", "DBIT")
    fits = balance("OPBD", "5.00", "DBIT") + entries + balance("CLBD", "15.00")
    lacks = balance("PRCD", "5.00") + entries + balance("CLBD", "26.10")

    assert amounts(fits) == ["30.00", "-10.00"]
    with pytest.raises(NotAStatement, match="1,10"):
        reading.read(statement(lacks))


def test_an_account_in_another_currency_is_told():
    with pytest.raises(NotAStatement, match="niet van een rekening in euro"):
        reading.read(statement(entry("7.00", currency="USD")))


def test_a_returned_debit_keeps_what_it_says_of_itself():
    """As ABN AMRO writes it: the customer is the creditor of what goes back."""
    returned = detail(
        "268.86",
        refs="<EndToEndId>2026-0027</EndToEndId><MndtId>M-1</MndtId>",
        rest="<RltdPties><Cdtr><Nm>Garage Een</Nm></Cdtr><CdtrAcct><Id><IBAN>NL20INGB0001234567</IBAN></Id></CdtrAcct></RltdPties>"
        "<RmtInf><Ustrd>Factuur 2026-0027</Ustrd></RmtInf><RtrInf><Rsn><Cd>MD06</Cd></Rsn></RtrInf>",
    )

    (line,) = reading.read(statement(entry("268.86", "DBIT", details=returned)))

    assert (line.end_to_end_id, line.mandate, line.is_return, line.return_reason) == ("2026-0027", "M-1", True, "MD06")
    assert (str(line.amount), line.name, line.iban) == ("-268.86", "Garage Een", "NL20INGB0001234567")
    assert str(line.reason_label) == "teruggehaald door de klant"


@pytest.mark.parametrize("other", ["Dbtr", "Cdtr"])
def test_the_other_party_of_a_reversal_is_not_ourselves(other):
    ours = {"Dbtr": "Cdtr", "Cdtr": "Dbtr"}[other]
    parties = "".join(
        f"<{party}><Nm>{name}</Nm></{party}><{party}Acct><Id><IBAN>{iban}</IBAN></Id></{party}Acct>"
        for party, name, iban in ((other, "Garage Een", "NL20INGB0001234567"), (ours, "Glans", "NL91ABNA0417164300"))
    )
    reversed_credit = entry(
        "7.00", "DBIT", more="<RvslInd>true</RvslInd>", details=detail("7.00", rest=f"<RltdPties>{parties}</RltdPties>")
    )

    (line,) = reading.read(statement(reversed_credit))

    assert (str(line.amount), line.name, line.is_return) == ("-7.00", "Garage Een", True)


def test_what_we_collect_ourselves_comes_in_as_one_line():
    collected = detail("3.00", refs="<MndtId>M-1</MndtId>") + detail("4.00", refs="<MndtId>M-2</MndtId>")

    assert amounts(entry("7.00", details=collected)) == ["7.00"]


def test_the_text_of_the_bank_does_not_repeat_what_the_payer_wrote():
    told = "<AddtlNtryInf>/TRTP/SEPA OVERBOEKING/IBAN/NL20INGB0001234567/NAME/GARAGE EEN/REMI/klant 1000945/EREF/NOTPROVIDED</AddtlNtryInf>"
    with_text = entry(details=detail("7.00", rest="<RmtInf><Ustrd>klant 1000945</Ustrd></RmtInf>")).replace("</Ntry>", f"{told}</Ntry>")
    without = with_text.replace("<Ustrd>klant 1000945</Ustrd>", "")

    for line in reading.read(statement(with_text + without)):
        assert line.description == "klant 1000945"
    assert (line.name, line.iban, line.end_to_end_id) == ("GARAGE EEN", "NL20INGB0001234567", "")


def test_a_creditor_identifier_is_no_account():
    party = "<RltdPties><Dbtr><Nm>A</Nm></Dbtr><DbtrAcct><Id><IBAN>NL36ZZZ340698640000</IBAN></Id></DbtrAcct></RltdPties>"

    (line,) = reading.read(statement(entry(details=detail("7.00", rest=party))))

    assert (line.name, line.iban) == ("A", "")


def test_a_report_of_the_day_and_names_with_a_prefix_are_read_too():
    report = statement(ENTRY % "vandaag", kind="Rpt")
    prefixed = report.replace(b"xmlns=", b"xmlns:n=").replace(b"<", b"<n:").replace(b"<n:/", b"</n:")

    assert [line.description for data in (report, prefixed) for line in reading.read(data)] == ["vandaag", "vandaag"]
    declared = b"<?xml version='1.0' encoding='UTF-8'?>\n" + prefixed.replace(b"xmlns:n=", b"xmlns:other='urn:x' xmlns:n=")
    assert [str(line.amount) for line in reading.read(declared)] == ["1.00"]


@pytest.mark.parametrize("data", [b"<a/>", b"<a", statement(ENTRY % "x")[:-20]])
def test_what_is_no_whole_statement_is_said(data):
    with pytest.raises(camt.NotCamt):
        list(camt.statements(data))
