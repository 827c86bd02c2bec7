"""The pages from upload to result: who may, what is remembered, and that nothing is imported twice or by halves."""

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from cleanconnect import jobs
from cleanconnect.jobs import Job
from cleanconnect.progress import report
from cleanconnect.tenancy import context
from customers.models import Customer
from imports import tasks
from imports.customers import CustomerPlanner
from imports.models import Import
from imports.tests.given import checked, counts, csv_file, imported, upload
from tests.factories import CustomerFactory

GOOD = "Klantnummer;Naam\n1;Anna\n2;Bert\n"
MIXED = "Klantnummer;Naam;E-mail\n1;Anna;a@b.example\n2;;x\n3;Carl;fout\n"


def test_only_the_owner_imports(employee, customer, owner):
    found = checked(owner, "customers", csv_file(GOOD))
    pages = [reverse("imports:overview"), reverse("imports:example", args=["customers"])]
    pages += [reverse(f"imports:{name}", args=[found.pk]) for name in ("detail", "columns", "carry-out", "problems", "delete")]

    assert {client.get(page).status_code for client in (employee, customer) for page in pages} == {403}
    assert {client.post(page).status_code for client in (employee, customer) for page in pages} == {403}


def test_an_import_of_another_company_is_not_there(owner, neighbour):
    theirs = neighbour.row("Import")

    for name in ("detail", "columns", "problems", "delete"):
        assert owner.get(reverse(f"imports:{name}", args=[theirs.pk])).status_code == 404
    assert owner.post(reverse("imports:carry-out", args=[theirs.pk])).status_code == 404
    assertNotContains(owner.get(reverse("imports:overview")), "Geheim.csv")


def test_rows_of_another_company_are_no_match(owner, neighbour, company):
    theirs = neighbour.row("Customer")
    with context.company(neighbour.company.pk):
        Customer.objects.filter(pk=theirs.pk).update(number="1")

    found = imported(owner, "customers", csv_file(GOOD))

    assert counts(found) == (2, 0, 0, 0)
    with context.company(neighbour.company.pk):
        assert Customer.objects.get(number="1").name == "Klant van Buurman"


def test_the_preview_changes_nothing(owner):
    CustomerFactory(number="1", name="Oud")

    found = checked(owner, "customers", csv_file(GOOD), vast_type="Nieuw type")

    page = owner.get(reverse("imports:detail", args=[found.pk]))
    assertContains(page, "Alle rijen importeren (2)")
    assert list(Customer.objects.values_list("name", flat=True)) == ["Oud"]


def test_with_errors_only_the_good_rows_can_be_imported(owner):
    found = checked(owner, "customers", csv_file(MIXED))
    page = owner.get(reverse("imports:detail", args=[found.pk]))
    assertContains(page, "Alleen de goede rijen importeren (1)")
    assertContains(page, "Voer een geldig e-mailadres in.")

    owner.post(reverse("imports:carry-out", args=[found.pk]))
    found.refresh_from_db()
    assert found.state == "checked"

    owner.post(reverse("imports:carry-out", args=[found.pk]), {"alleen": "goed"})
    tasks.run(found.company_id, found.pk)
    assert list(Customer.objects.values_list("name", flat=True)) == ["Anna"]


def test_the_errors_can_be_downloaded_and_a_formula_in_them_does_nothing(owner):
    found = checked(owner, "customers", csv_file("Naam;=cmd|E-mail\nAnna;x\n"), kolom_email="1")

    lines = owner.get(reverse("imports:problems", args=[found.pk])).content.decode("utf-8-sig").splitlines()

    assert lines[0] == "Rij;Kolom;Fout"
    assert any(line.startswith("2;'=cmd|E-mail;") for line in lines)


def test_the_columns_are_remembered(owner):
    text = "Nr;Hoe heet hij;Bijzonders\n1;Anna;x\n"
    imported(owner, "customers", csv_file(text), kolom_number="0", kolom_name="1", kolom_note="2", kolom_house_number="")

    response = upload(owner, "customers", csv_file(text))

    form = owner.get(response.url, follow=True).context["form"]
    assert [form.fields[f"kolom_{key}"].initial for key in ("number", "name", "note", "house_number")] == ["0", "1", "2", ""]


@pytest.mark.parametrize(
    ("choices", "said"),
    [({"kolom_name": ""}, "Kies de kolom met naam"), ({"kolom_name": "0"}, "al gekozen bij Klantnummer")]
    + [({"kolom_name": value}, "ongeldig") for value in ("99", "-1", "x", "x\x00", "\U0001f697")]
    + [({"vast_type": "x" * 61}, "60 tekens")],
)
def test_a_wrong_choice_of_columns_is_told_at_the_choice(owner, choices, said):
    upload(owner, "customers", csv_file(GOOD))
    page = reverse("imports:columns", args=[Import.objects.get().pk])

    response = owner.post(page, {"kolom_number": "0", "kolom_name": "1", "vast_type": "Zakelijk"} | choices)

    assert response.status_code == 422
    assert said in str(response.context["form"].errors) or "geldige keuze" in str(response.context["form"].errors)


def test_a_running_import_shows_its_bar_and_leads_to_the_result(owner):
    found = checked(owner, "customers", csv_file(GOOD))
    owner.post(reverse("imports:carry-out", args=[found.pk]))
    page = reverse("imports:detail", args=[found.pk])
    report(found, 40)

    assertContains(owner.get(page), '<progress value="40"')
    assertContains(owner.get(page, headers={"HX-Request": "true"}), '<progress value="40"')
    tasks.run(found.company_id, found.pk)

    assert owner.get(page, headers={"HX-Request": "true", "HX-Target": "bar"})["HX-Redirect"] == page
    assertContains(owner.get(page), "De import is klaar")


def test_a_worker_that_dies_halfway_leaves_nothing_and_the_next_one_finishes(owner, monkeypatch):
    found = checked(owner, "customers", csv_file(GOOD))
    owner.post(reverse("imports:carry-out", args=[found.pk]))
    write = CustomerPlanner.write

    def die(self, progress):
        write(self, progress)
        raise SystemExit

    monkeypatch.setattr(CustomerPlanner, "write", die)
    with pytest.raises(SystemExit):
        tasks.run(found.company_id, found.pk)
    found.refresh_from_db()
    assert (found.state, Job.objects.of(tasks.run, found).get().attempts) == ("importing", 1)
    assert not Customer.objects.exists()

    monkeypatch.undo()
    Job.objects.update(due_at=Now())
    tasks.run(found.company_id, found.pk)

    found.refresh_from_db()
    assert found.state == "done"
    assert Customer.objects.count() == 2


def test_the_sweep_starts_what_waits(owner, monkeypatch):
    found = checked(owner, "customers", csv_file(GOOD))
    owner.post(reverse("imports:carry-out", args=[found.pk]))
    Job.objects.update(nudged_at=None)
    started = []
    monkeypatch.setattr(tasks.run, "delay", lambda *args: started.append(args))

    jobs.sweep()

    assert started == [(found.company_id, found.pk)]


def test_an_import_that_keeps_breaking_its_worker_stops(owner):
    found = checked(owner, "customers", csv_file(GOOD))
    owner.post(reverse("imports:carry-out", args=[found.pk]))
    Job.objects.update(attempts=4)

    tasks.run(found.company_id, found.pk)

    found.refresh_from_db()
    assert found.state == "failed"
    assertContains(owner.get(reverse("imports:detail", args=[found.pk])), "Er is niets geïmporteerd")


def test_running_it_twice_does_it_once(owner):
    found = imported(owner, "customers", csv_file("Naam\nAnna\n"))

    tasks.run(found.company_id, found.pk)
    owner.post(reverse("imports:carry-out", args=[found.pk]))
    tasks.run(found.company_id, found.pk)

    assert Customer.objects.count() == 1


def test_the_file_goes_when_it_has_been_imported_or_removed(owner, django_capture_on_commit_callbacks):
    found = checked(owner, "customers", csv_file(GOOD))
    storage, name = found.file.storage, found.file.name
    assert storage.exists(name)

    with django_capture_on_commit_callbacks(execute=True):
        owner.post(reverse("imports:delete", args=[found.pk]))

    assert not storage.exists(name)
    assert not Import.objects.exists()


def test_no_query_grows_with_the_rows(owner):
    def queries(rows):
        text = "Naam;Type;Plaats\n" + "".join(f"Klant {rows} {row};Zakelijk;Delft\n" for row in range(rows))
        with CaptureQueriesContext(
            connection,
        ) as made:
            imported(owner, "customers", csv_file(text))
        return len(made)

    queries(1)
    assert queries(3) == queries(40)


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "\U0001f697", ""])
def test_a_page_that_is_no_page_is_the_first(owner, page):
    found = checked(owner, "customers", csv_file(MIXED))

    assert owner.get(reverse("imports:overview"), {"pagina": page}).status_code == 200
    assert owner.get(reverse("imports:detail", args=[found.pk]), {"pagina": page}).status_code == 200


def test_the_list_keeps_its_queries(owner, django_assert_max_num_queries):
    for _ in range(3):
        checked(owner, "customers", csv_file(GOOD))

    with django_assert_max_num_queries(12):
        assertContains(owner.get(reverse("imports:overview")), "bestand.csv", count=3)
