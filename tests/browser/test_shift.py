"""A whole shift on a tablet without a connection: nothing lost, nothing doubled, also after a restart and with a server that stumbles."""

import io
import json
from base64 import b64decode

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.exceptions import InvalidTag
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from accounts.models import Company, Tablet
from accounts.tablets import new_code, revoke, set_pin
from cleanconnect.tenancy import context
from quality.checking import Checklist
from quality.models import Check, Defect, TabletAction
from tests.browser.walking import eventually
from tests.factories import ChecklistItemFactory, MembershipFactory, VehicleFactory, WorkOrderFactory
from tests.tablet_key import with_pin
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db(transaction=True)
CARS = 15


def photo():
    file = io.BytesIO()
    Image.effect_noise((900, 700), 60).convert("RGB").save(file, "JPEG")
    return {"name": "deuk.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


@pytest.fixture
def hall(site):
    """A company with fifteen cars for today, two questions each, Wim with a PIN, and the code of a tablet."""
    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        wim = MembershipFactory(user__username="wim", name="Wim")
        set_pin(wim, "4711")
        for name in ("Velgen schoon", "Asbak leeg"):
            ChecklistItemFactory(name=name)
        for number in range(CARS):
            vehicle = VehicleFactory(plate=f"GB{number:03}B", plate_shown=f"GB-{number:03}-B")
            WorkOrderFactory(number=9000 + number, vehicle=vehicle, created_by=wim, planned_on=timezone.localdate())
        company.code = new_code(Tablet(name="Wasbrug"))
    return company


@pytest.fixture
def switch_on(browser_type, browser_type_launch_args, browser_context_args, tmp_path, hall):
    """Switches the tablet on, again with what it kept."""
    opened = []

    def switch_on(offline=False):
        options = browser_context_args | {"viewport": {"width": 768, "height": 1024}, "has_touch": True, "offline": offline}
        on = browser_type.launch_persistent_context(tmp_path / "tablet", **browser_type_launch_args, **options)
        opened.append(on)
        on.set_default_timeout(15_000)
        return on

    yield switch_on
    for on in opened:
        on.close()


def log_in(page, site, code):
    page.goto(f"{site}/tablet/")
    if page.get_by_label("Code").count():
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Koppelen").tap()
    page.get_by_role("link", name="Wim").tap()
    for digit in "4711":
        page.get_by_role("button", name=digit, exact=True).tap()
    expect(page.get_by_role("heading", name="Vandaag", exact=True)).to_be_visible()


def ready(tablet, site, hall):
    """The page of today, logged in, with all that a shift without a connection needs."""
    page = tablet.pages[0]
    log_in(page, site, hall.code)
    page.reload()
    expect(page.locator("body[data-stored][data-people]")).to_be_attached(timeout=30_000)
    return page


def do_car(page, number):
    page.get_by_role("link", name=f"GB-{number:03}-B").tap()
    expect(page.get_by_role("button", name="Ja")).to_have_count(2)
    for ja in page.get_by_role("button", name="Ja").all():
        ja.tap()
    page.get_by_role("link", name="Mankement melden").first.tap()
    page.get_by_label("Omschrijving").fill(f"Deuk {number}")
    page.get_by_label("Foto").set_input_files(photo())
    page.get_by_role("button", name="Melden").tap()
    expect(page.get_by_role("heading", name="Kwaliteitscheck")).to_be_visible()
    expect(page.get_by_role("button", name="Ja").first).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Gereed").tap()
    expect(page.get_by_role("heading", name="Vandaag", exact=True)).to_be_visible()


def test_a_shift_of_fifteen_cars_without_a_connection(site, hall, switch_on):
    tablet = switch_on()
    page = ready(tablet, site, hall)

    tablet.set_offline(True)
    for number in range(8):
        do_car(page, number)
    expect(page.locator("#shift")).to_contain_text("32 + 8 foto’s nog te versturen")
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Mijn account").tap()
    page.get_by_role("button", name="Uitloggen").tap()
    expect(page.get_by_role("alert")).to_contain_text("nog werk op deze tablet")
    tablet.close()

    tablet = switch_on(offline=True)
    page = tablet.new_page()
    page.goto(f"{site}/kwaliteitscheck/vandaag/")
    for number in range(8, CARS):
        do_car(page, number)
    expect(page.locator("#shift")).to_contain_text("60 + 15 foto’s nog te versturen")

    stumbles = iter(["500", "429", "dies", "dies"] + 20 * ["works"] + ["500", "dies"])

    def stumble(route):
        how = next(stumbles, "works")
        if how == "dies":  # done, and nobody heard it
            route.fetch()
            route.abort()
        elif how == "works":
            route.continue_()
        else:
            route.fulfill(status=int(how))

    page.route(
        lambda url: any(part in url for part in ("/onderdeel/", "/mankement/", "/foto/")),
        lambda route: stumble(route) if route.request.method == "POST" else route.continue_(),
    )
    tablet.set_offline(False)
    expect(page.locator("#shift")).to_be_hidden(timeout=90_000)

    expect(page.locator(".toast")).to_have_count(0)  # sixty notices of what was done hours ago help nobody
    with context.company(hall.pk):
        assert eventually(lambda: TabletAction.objects.count() == 5 * CARS)
        assert not TabletAction.objects.exclude(outcome="done").exists()
        assert Check.objects.filter(passed=True).count() == 2 * CARS
        assert sorted(Defect.objects.exclude(photo="").values_list("description", flat=True)) == sorted(f"Deuk {n}" for n in range(CARS))
        assert WorkOrder.objects.filter(status="completed", completed_by__name="Wim").count() == CARS


def test_two_tablets_on_one_order_and_one_that_was_cancelled(site, hall, switch_on):
    tablet = switch_on()
    page = ready(tablet, site, hall)
    tablet.set_offline(True)
    page.get_by_role("link", name="GB-000-B").tap()
    page.get_by_role("button", name="Ja").first.tap()
    expect(page.locator("#progress")).to_contain_text("1 van 2 beantwoord")
    page.get_by_role("link", name="Vandaag").first.tap()
    page.get_by_role("link", name="GB-001-B").tap()
    page.get_by_role("button", name="Nee").first.tap()
    expect(page.locator("#shift")).to_contain_text("2 nog te versturen")
    with context.company(hall.pk):
        WorkOrder.objects.filter(number=9001).update(status="cancelled")
        order = WorkOrder.objects.get(number=9000)
        second = [question.item for question in Checklist(order).questions][1]
        Check.objects.create(order=order, item=second, passed=False, answered_by=order.created_by)  # on the other tablet

    tablet.set_offline(False)
    expect(page.locator("#shift")).to_be_hidden(timeout=30_000)

    with context.company(hall.pk):
        assert sorted(order.checks.values_list("passed", flat=True)) == [False, True]
        kept = TabletAction.objects.get(outcome="kept")
        assert (kept.order.number, kept.typed["antwoord"], kept.by.name) == (9001, "nee", "Wim")


def test_what_is_never_taken_holds_up_nothing_and_stays(site, hall, switch_on):
    page = ready(switch_on(), site, hall)
    page.get_by_role("link", name="GB-000-B").tap()
    page.route("**/onderdeel/**", lambda route: route.fulfill(status=413), times=1)

    page.get_by_role("button", name="Ja").first.tap()
    expect(page.get_by_role("alert")).to_contain_text("blijft op de tablet staan")
    page.get_by_role("button", name="Ja").last.tap()

    with context.company(hall.pk):
        assert eventually(lambda: Check.objects.count() == 1)
    expect(page.locator("#shift")).to_contain_text("1 nog te versturen")


def test_a_mistake_is_told_next_to_its_field(site, hall, switch_on):
    page = ready(switch_on(), site, hall)
    page.get_by_role("link", name="GB-000-B").tap()
    page.get_by_role("link", name="Mankement melden").first.tap()

    page.get_by_role("button", name="Melden").tap()

    expect(page.get_by_label("Omschrijving")).to_have_attribute("aria-invalid", "true")
    with context.company(hall.pk):
        assert not TabletAction.objects.exists()


def test_the_state_of_the_car_and_an_obligatory_photo_without_a_connection(site, hall, switch_on):
    with context.company(hall.pk):
        item = ChecklistItemFactory(name="Motorruimte", needs_photo=True)
    tablet = switch_on()
    page = ready(tablet, site, hall)
    tablet.set_offline(True)
    page.get_by_role("link", name="GB-000-B").tap()

    page.get_by_role("link", name="Staat van de auto").tap()
    page.get_by_label("Plaats op de auto").select_option(label="dak")
    page.get_by_label("Soort schade").select_option(label="Deuk")
    page.get_by_label("Foto", exact=True).set_input_files(photo())
    page.get_by_role("button", name="Schade vastleggen").tap()
    expect(page.locator("[data-unsent-list]")).to_contain_text("dak, Deuk: nog niet verstuurd")
    page.get_by_role("main").get_by_role("link", name="Kwaliteitscheck").tap()
    expect(page.get_by_role("button", name="Ja")).to_have_count(3)
    for ja in page.get_by_role("button", name="Ja").all():
        ja.tap()
    page.get_by_role("button", name="Gereed").tap()
    expect(page.get_by_role("alert")).to_contain_text("Beantwoord eerst nog: Motorruimte")
    page.get_by_label("Foto maken Motorruimte").set_input_files(photo())
    page.get_by_role("button", name="Gereed").tap()
    expect(page.get_by_role("heading", name="Vandaag", exact=True)).to_be_visible()
    expect(page.locator("#shift")).to_contain_text("6 + 2 foto’s nog te versturen")
    tablet.set_offline(False)

    expect(page.locator("#shift")).to_be_hidden(timeout=30_000)
    with context.company(hall.pk):
        order = WorkOrder.objects.get(number=9000)
        assert order.status == "completed"
        assert order.check_photos.get(item=item).photo
        mark = order.damage_marks.get()
        assert (mark.place, mark.kind, mark.marked_by.name) == ("roof", "dent", "Wim")
        assert mark.photo.photo
        assert not TabletAction.objects.exclude(outcome="done").exists()


def type_pin(page, name, pin):
    page.get_by_role("dialog").get_by_role("button", name=name).tap()
    for digit in pin:
        page.get_by_role("dialog").get_by_role("button", name=digit, exact=True).tap()


def test_another_person_works_on_without_a_connection(site, hall, switch_on):
    with context.company(hall.pk):
        set_pin(MembershipFactory(name="Jan"), "1234")
    tablet = switch_on()
    page = ready(tablet, site, hall)
    tablet.set_offline(True)
    page.get_by_role("link", name="GB-000-B").tap()
    page.get_by_role("button", name="Ja").first.tap()

    page.get_by_role("button", name="Wissel").tap()
    expect(page.get_by_role("dialog")).to_contain_text("Er is geen verbinding")
    assert Axe().run(page).response["violations"] == []
    type_pin(page, "Jan", "9999")
    expect(page.get_by_role("dialog")).to_contain_text("niet de juiste pincode")
    for digit in "1234":
        page.get_by_role("dialog").get_by_role("button", name=digit, exact=True).tap()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Mijn account")).to_contain_text("Jan")
    page.get_by_role("button", name="Nee").last.tap()
    page.reload()
    expect(page.get_by_role("button", name="Mijn account")).to_contain_text("Jan")
    tablet.set_offline(False)

    expect(page.get_by_role("heading", name="Wie bent u?")).to_be_visible(timeout=30_000)
    with context.company(hall.pk):
        assert eventually(lambda: Check.objects.count() == 2)
        assert set(Check.objects.values_list("passed", "answered_by__name")) == {(True, "Wim"), (False, "Jan")}


def test_five_wrong_pins_lock_a_name_without_a_connection_too(site, hall, switch_on):
    with context.company(hall.pk):
        set_pin(MembershipFactory(name="Jan"), "1234")
    tablet = switch_on()
    page = ready(tablet, site, hall)
    expect(page.locator("body[data-people]")).to_be_attached()
    tablet.set_offline(True)

    page.get_by_role("button", name="Wissel").tap()
    type_pin(page, "Jan", "0000")
    for _again in range(4):
        expect(page.get_by_role("dialog")).to_contain_text("niet de juiste pincode")
        page.evaluate("document.querySelector('#who [data-problem]').textContent = ''")
        for digit in "0000":
            page.get_by_role("dialog").get_by_role("button", name=digit, exact=True).tap()

    expect(page.get_by_role("dialog")).to_contain_text("vergrendeld")
    expect(page.get_by_label("Pincode")).to_be_disabled()


OF_THE_KEYS = """async (ask) => {
  const opened = await new Promise((resolve) => { indexedDB.open("tablet-key").onsuccess = ({ target }) => resolve(target.result); });
  const keys = opened.transaction("keys", "readwrite").objectStore("keys");
  const [kept] = await new Promise((resolve) => { keys.getAll().onsuccess = ({ target }) => resolve(target.result); });
  if (ask === "clear") return new Promise((resolve) => { keys.clear().onsuccess = () => resolve("cleared"); });
  const exported = (how) => crypto.subtle.exportKey(how, kept.privateKey).then(() => "exported", (error) => error.name);
  return Promise.all(["pkcs8", "jwk"].map(exported));
}"""


def goes_on(page, name, pin):
    """This person works on without a connection."""
    page.get_by_role("button", name="Wissel").tap()
    type_pin(page, name, pin)
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Mijn account")).to_contain_text(name)


def test_what_a_tablet_keeps_opens_there_with_the_pin_and_elsewhere_not(site, hall, switch_on):
    with context.company(hall.pk):
        jan = MembershipFactory(name="Jan")
        set_pin(jan, "1834")
    tablet = switch_on()
    page = ready(tablet, site, hall)
    page.evaluate("localStorage.setItem('people', '[]')")  # as it was kept before: sealed with the PIN alone
    page.reload()
    expect(page.locator("body[data-stored][data-people]")).to_be_attached(timeout=30_000)

    copied = page.evaluate("({ ...localStorage })")

    assert "people" not in copied
    boxes = {person["name"]: person for person in json.loads(copied["boxes"])}
    assert set(boxes) == {"Jan", "Wim"}
    with pytest.raises(InvalidTag):
        with_pin(boxes["Jan"], "1834", b64decode(boxes["Jan"]["box"]))
    assert page.evaluate(OF_THE_KEYS, "export") == ["InvalidAccessError"] * 2
    tablet.close()
    page = switch_on(offline=True).new_page()
    page.goto(f"{site}/kwaliteitscheck/vandaag/")
    goes_on(page, "Jan", "1834")
    assert page.evaluate("JSON.parse(localStorage.shift).person") == jan.pk


def test_a_tablet_that_lost_its_key_says_so_and_keeps_its_pages(site, hall, switch_on):
    tablet = switch_on()
    page = ready(tablet, site, hall)
    assert page.evaluate(OF_THE_KEYS, "clear") == "cleared"

    page.reload()

    expect(page.locator("#lost-key")).to_contain_text("Vraag de eigenaar hem opnieuw te koppelen")
    expect(page.locator("body[data-stored][data-people]")).to_be_attached(timeout=30_000)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("localStorage.boxes") == "[]"
    tablet.set_offline(True)
    page.get_by_role("button", name="Wissel").tap()
    expect(page.get_by_role("alert")).to_contain_text("alleen met verbinding")
    page.reload()
    expect(page.get_by_role("heading", name="Vandaag", exact=True)).to_be_visible()


def test_revoking_empties_a_tablet_and_pairing_gives_it_a_new_key(site, hall, switch_on):
    tablet = switch_on()
    page = ready(tablet, site, hall)
    with context.company(hall.pk):
        first = Tablet.objects.get()
        key = first.public_key
        revoke(first)
        hall.code = new_code(Tablet(name="Wasbrug"))

    page.reload()
    expect(page.get_by_role("heading", name="Deze tablet koppelen")).to_be_visible()

    assert page.evaluate("Object.keys(localStorage)") == []
    assert page.evaluate("indexedDB.databases()") == []
    page = ready(tablet, site, hall)
    with context.company(hall.pk):
        assert Tablet.objects.active().get().public_key not in ("", key)
    tablet.set_offline(True)
    goes_on(page, "Wim", "4711")


def test_without_the_means_of_a_safe_address_all_but_the_boxes_works(site, hall, switch_on):
    tablet = switch_on()
    tablet.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    page = tablet.pages[0]
    log_in(page, site, hall.code)

    page.get_by_role("link", name="GB-000-B").tap()
    page.get_by_role("button", name="Ja").first.tap()

    expect(page.locator("#progress")).to_contain_text("1 van 2 beantwoord")
    with context.company(hall.pk):
        assert eventually(lambda: Check.objects.count() == 1)
        assert Tablet.objects.get().public_key == ""
    assert page.evaluate("localStorage.boxes ?? null") is None
