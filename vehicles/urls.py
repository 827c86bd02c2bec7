from django.urls import path

from . import views

app_name = "vehicles"
urlpatterns = [
    path("aanmaken/", views.TypeCreate.as_view(), name="type-create"),
    path("overzicht/", views.TypeOverview.as_view(), name="type-overview"),
    path("overzicht/<int:pk>/bewerken/", views.TypeEdit.as_view(), name="type-edit"),
    path("overzicht/<int:pk>/verwijderen/", views.TypeDelete.as_view(), name="type-delete"),
    path("regels/", views.RuleOverview.as_view(), name="rule-overview"),
    path("regels/aanmaken/", views.RuleCreate.as_view(), name="rule-create"),
    path("regels/<int:pk>/bewerken/", views.RuleEdit.as_view(), name="rule-edit"),
    path("regels/<int:pk>/verwijderen/", views.RuleDelete.as_view(), name="rule-delete"),
    path("rdw/", views.registered, name="registered"),
    path("opzoeken/", views.Search.as_view(), name="search"),
]
