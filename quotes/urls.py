from django.urls import path

from . import views

app_name = "quotes"
urlpatterns = [
    path("", views.QuoteOverview.as_view(), name="overview"),
    path("aanmaken/", views.create, name="create"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/wijzigen/", views.edit, name="edit"),
    path("<int:pk>/verwijderen/", views.Remove.as_view(), name="remove"),
    path("<int:pk>/versturen/", views.send, name="send"),
    path("<int:pk>/terughalen/", views.take_back, name="take-back"),
    path("<int:pk>/link-intrekken/", views.revoke_link, name="revoke-link"),
    path("<int:pk>/antwoord/", views.note_answer, name="note-answer"),
    path("<int:pk>/werkorder/", views.make_order, name="make-order"),
]
