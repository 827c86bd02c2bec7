from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("overzicht/", views.MessageOverview.as_view(), name="overview"),
    path("mailteksten/", views.mail_texts, name="mail-texts"),
    path("mailteksten/<slug:event>/<slug:language>/", views.mail_text, name="mail-text"),
    path("mailteksten/<slug:event>/<slug:language>/standaard/", views.MailTextDelete.as_view(), name="mail-text-delete"),
    path("overzicht/niet-aangekomen/", views.resend_several, name="resend-several"),
    path("overzicht/<int:pk>/", views.MessageDetail.as_view(), name="detail"),
    path("overzicht/<int:pk>/opnieuw-verzenden/", views.resend, name="resend"),
]
