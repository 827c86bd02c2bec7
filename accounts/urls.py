from django.urls import path

from . import tablet_views, views

app_name = "accounts"
urlpatterns = [
    path("overzicht/", views.MemberOverview.as_view(), name="overview"),
    path("aanmaken/", views.MemberCreate.as_view(), name="create"),
    path("overzicht/<int:pk>/bewerken/", views.MemberEdit.as_view(), name="edit"),
    path("overzicht/<int:pk>/verwijderen/", views.MemberDelete.as_view(), name="delete"),
    path("overzicht/<int:pk>/opnieuw-sturen/", views.resend_login, name="resend-login"),
    path("overzicht/<int:pk>/nieuw-wachtwoord/", views.new_password, name="new-password"),
    path("overzicht/<int:pk>/klantenkaart/", views.card, name="card"),
    path("tablets/", tablet_views.tablets, name="tablets"),
    path("tablets/<int:pk>/intrekken/", tablet_views.revoke_tablet, name="revoke-tablet"),
    path("tablets/pincode/<int:pk>/", tablet_views.member_pin, name="member-pin"),
]
