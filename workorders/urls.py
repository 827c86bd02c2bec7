from django.urls import path

from . import views

app_name = "workorders"
urlpatterns = [
    path("aanmaken/", views.create, name="create"),
    path("aanmaken/keuzes/", views.create_choices, name="create-choices"),
    path("meer-tegelijk/", views.create_many, name="create-many"),
    path("overzicht/", views.OrderOverview.as_view(), name="overview"),
    path("overzicht/<int:pk>/", views.OrderDetail.as_view(), name="detail"),
    path("overzicht/<int:pk>/bewerken/", views.edit, name="edit"),
    path("overzicht/<int:pk>/bewerken/keuzes/", views.edit_choices, name="edit-choices"),
    path("overzicht/<int:pk>/verwijderen/", views.OrderDelete.as_view(), name="delete"),
    path("overzicht/<int:pk>/status/", views.set_status, name="set-status"),
    path("overzicht/<int:pk>/annuleren/", views.cancel, name="cancel"),
]
