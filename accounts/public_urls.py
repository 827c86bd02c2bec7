from allauth.account import views as allauth_views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from . import entrance, tablet_views

urlpatterns = [
    path("", entrance.home, name="home"),
    path("klantlogin/", login_not_required(entrance.Login.as_view()), name="account_login"),
    path("uitloggen/", login_not_required(allauth_views.logout), name="account_logout"),
    path("niet-actief/", login_not_required(allauth_views.account_inactive), name="account_inactive"),
    path("wachtwoord-bevestigen/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("aanmelden/", entrance.sign_up_company, name="account_signup"),
    path("wachtwoord-vergeten/", entrance.password_forgotten, name="account_reset_password"),
    path("wachtwoord-instellen/<uidb64>/<token>/", entrance.PersonalLink.as_view(), name="personal-link"),
    path("lokale-mail/", entrance.local_mail, name="local-mail"),
    path("wachtwoord/", entrance.own_password, name="own-password"),
    path("e-mailadres/", entrance.own_address, name="own-address"),
    path("taal/", entrance.own_language, name="own-language"),
    path("tweestapsverificatie/", include("accounts.mfa_urls")),
    path("sw.js", tablet_views.service_worker, name="service-worker"),
    path("app.webmanifest", tablet_views.manifest, name="manifest"),
    path("tablet/", tablet_views.tablet, name="tablet"),
    path("tablet/wissel/", tablet_views.change_person, name="tablet-change-person"),
    path("tablet/<int:pk>/", tablet_views.pin, name="tablet-pin"),
    path("start/", entrance.start, name="start"),
    path("bedrijf-kiezen/", entrance.choose_company, name="choose-company"),
    path("bedrijf-kiezen/<int:pk>/", entrance.enter_company, name="enter-company"),
    path("uitnodigingen/", entrance.own_invitations, name="invitations"),
    path("uitnodigingen/<int:pk>/aannemen/", entrance.accept_invitation, name="accept-invitation"),
    path("uitnodigingen/<int:pk>/weigeren/", entrance.decline_invitation, name="decline-invitation"),
    path("pincode/", tablet_views.own_pin, name="own-pin"),
    path("klantenkaart/", entrance.login_card, name="login-card"),
    path("bedrijf/", entrance.CompanyEdit.as_view(), name="company-edit"),
    path("bedrijf/logo/", entrance.company_logo, name="company-logo"),
    path("huisstijl.css", entrance.company_style, name="company-style"),
]
