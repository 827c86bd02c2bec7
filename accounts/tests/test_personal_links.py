"""A stored message opens no login but that of the person it was written to."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.members import add_member
from accounts.models import User
from notifications.models import Message
from notifications.tasks import deliver


@pytest.fixture
def invited(company):
    """Someone invited at an address that the login has no more."""
    member = add_member(role="employee", name="Boef", email="boef@evil.example")
    User.objects.filter(pk=member.user_id).update(email="slachtoffer@dealer.example")
    member.refresh_from_db()
    return member


def link_in(mail):
    return next((word for word in mail.body.split() if "/wachtwoord-instellen/" in word), None)


def test_a_mail_to_the_users_own_address_holds_the_link(company, mailoutbox):
    add_member(role="employee", name="Piet", email="piet@glans.example")

    deliver(company.pk, Message.objects.get().pk)

    assert link_in(mailoutbox[0])


def test_a_waiting_mail_to_an_address_of_before_is_never_sent(invited, company, mailoutbox):
    message = Message.objects.get()

    deliver(company.pk, message.pk)

    message.refresh_from_db()
    assert mailoutbox == []
    assert message.state == "failed"
    assert "intussen gewijzigd" in message.last_error


def test_a_mail_to_an_address_of_before_cannot_be_sent_again(invited, owner, company, mailoutbox):
    message = Message.objects.get()
    Message.objects.update(state="sent")

    page = owner.get(reverse("notifications:detail", args=[message.pk]))
    answer = owner.post(reverse("notifications:resend", args=[message.pk]), {"to_email": "boef@evil.example"}, follow=True)

    assertNotContains(page, reverse("notifications:resend", args=[message.pk]))
    assertContains(answer, "intussen gewijzigd")
    message.refresh_from_db()
    assert message.state == "sent"
    assert mailoutbox == []


def test_a_mail_whose_login_was_emptied_is_never_sent(invited, company, mailoutbox):
    invited.user.is_active = False
    invited.user.email = "boef@evil.example"
    invited.user.save()

    deliver(company.pk, Message.objects.get().pk)

    assert mailoutbox == []
