from django.urls import path

from . import views

app_name = "vehicles"
urlpatterns = [
    path("aanmaken/", views.TypeCreate.as_view(), name="type-create"),
    path("overzicht/", views.TypeOverview.as_view(), name="type-overview"),
    path("overzicht/<int:pk>/bewerken/", views.TypeEdit.as_view(), name="type-edit"),
    path("overzicht/<int:pk>/verwijderen/", views.TypeDelete.as_view(), name="type-delete"),
    path("opzoeken/", views.Search.as_view(), name="search"),
]
