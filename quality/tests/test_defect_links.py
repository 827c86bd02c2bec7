"""The link in a mail about a defect: one document, no login, expires, can be revoked; and the small pictures in the mail."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from cleanconnect.jobs import Job
from cleanconnect.tenancy import context
from cleanconnect.uploads import clean_picture
from notifications import tasks
from notifications.models import Message
from quality.models import Defect
from quality.reporting import report
from quality.tests.test_replay import send


@pytest.fixture
def stranger(settings):
    settings.SITE_URL = "http://testserver"
    return Client()


@pytest.fixture
def defect(stranger, order, employee, picture):
    return report(order, description="Kras op de deur", photo=clean_picture(picture()), by=employee.membership)


def test_it_shows_one_defect_without_a_login(stranger, order, employee, defect):
    other = report(order, description="Geheim", by=employee.membership)
    page = stranger.get(defect.link)

    assertContains(page, "Kras op de deur")
    assertNotContains(page, "Geheim")
    photo = stranger.get(f"{defect.link}foto/")
    assert photo["Content-Type"] == "image/webp"
    assert {"private", "no-store"} <= set(photo["Cache-Control"].split(", "))
    signature = defect.link.rstrip("/").rpartition("/")[2]
    for name in ("defect-page", "defect-page-photo"):
        for args in ([other.company_id, other.pk, signature], [2**63, 1, signature], [other.company_id, 2**63, signature]):
            assert stranger.get(reverse(name, args=args)).status_code == 404


def test_of_a_neighbour_nothing_is_seen_with_it(stranger, defect, neighbour):
    with context.company(neighbour.company.pk):
        theirs = Defect.objects.first()
    mine = defect.link.rstrip("/").rpartition("/")[2]

    assert stranger.get(reverse("defect-page", args=[theirs.company_id, theirs.pk, mine])).status_code == 404
    assert stranger.get(reverse("defect-page", args=[defect.company_id, theirs.pk, mine])).status_code == 404


def test_it_expires(stranger, defect):
    Defect.objects.update(found_at=timezone.now() - timedelta(days=31))

    assertContains(stranger.get(defect.link), "Deze link werkt niet meer", status_code=410)
    assert stranger.get(f"{defect.link}foto/").status_code == 410


def test_the_owner_revokes_it_and_gives_it_back(stranger, owner, employee, defect):
    revoke = reverse("quality:revoke-defect-link", args=[defect.pk])
    assert employee.post(revoke).status_code == 403
    assertContains(owner.get(reverse("workorders:detail", args=[defect.order_id])), "Link intrekken")

    owner.post(revoke)

    assert stranger.get(defect.link).status_code == 410
    assert stranger.get(f"{defect.link}foto/").status_code == 410
    assertContains(owner.get(reverse("workorders:detail", args=[defect.order_id])), "Link weer toelaten")
    owner.post(revoke)
    assert stranger.get(defect.link).status_code == 200


def test_the_mail_has_the_photo_small_and_leads_to_the_page(order, defect):
    tasks.deliver(order.company_id, Message.objects.get().pk)

    sent = mail.outbox[0]
    html = sent.alternatives[0].content
    assert f'<a href="{defect.link}"><img src="cid:picture-0"' in html
    assert defect.link in sent.body
    (part,) = sent.attachments
    assert part["Content-ID"] == "<picture-0>"
    assert part.get_content_type() == "image/jpeg"
    assert "multipart/related" in sent.message().as_string()


def test_a_photo_that_arrives_before_the_mail_goes_is_in_it(order, employee, picture, settings):
    settings.DEFECTS_TOGETHER = timedelta(minutes=10)
    uids = [uuid4(), uuid4()]
    for number, uid in enumerate(uids):
        send(employee, reverse("quality:defect-create", args=[order.pk]), {"description": f"Deuk {number}", "photo_uid": str(uid)})
    for uid in uids:
        send(employee, reverse("quality:send-photo", args=[order.pk]), {"uid": str(uid), "photo": picture()})

    message = Message.objects.get()
    assert [name for name, _url in message.pictures] == [defect.photo.name for defect in order.defects.order_by("pk")]
    assert all(defect.link in message.text for defect in order.defects.all())
    tasks.deliver(order.company_id, message.pk)
    assert len(mail.outbox) == 0  # it waits for what else is found
    Job.objects.update(due_at=Now())
    tasks.deliver(order.company_id, message.pk)
    assert len(mail.outbox[0].attachments) == 2


def test_a_photo_that_is_gone_holds_up_no_mail(order, defect):
    defect.photo.delete(save=False)

    tasks.deliver(order.company_id, Message.objects.get().pk)

    assert mail.outbox[0].attachments == []
