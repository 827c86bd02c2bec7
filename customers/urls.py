from django.urls import path

from . import address_views, choosing, views

app_name = "customers"
urlpatterns = [
    path("adres/", address_views.look_up, name="address"),
    path("overzicht/keuzes/", choosing.choices, name="choices"),
    path("aanmaken-type/", views.TypeCreate.as_view(), name="type-create"),
    path("overzicht-type/", views.TypeOverview.as_view(), name="type-overview"),
    path("overzicht-type/<int:pk>/bewerken/", views.TypeEdit.as_view(), name="type-edit"),
    path("overzicht-type/<int:pk>/verwijderen/", views.TypeDelete.as_view(), name="type-delete"),
    path("aanmaken/", views.CustomerCreate.as_view(), name="create"),
    path("overzicht/", views.CustomerOverview.as_view(), name="overview"),
    path("overzicht/<int:pk>/bewerken/", views.CustomerEdit.as_view(), name="edit"),
    path("overzicht/<int:pk>/verwijderen/", views.CustomerDelete.as_view(), name="delete"),
    path("overzicht/<int:customer_pk>/vestigingen/aanmaken/", views.BranchCreate.as_view(), name="branch-create"),
    path("vestigingen/<int:pk>/bewerken/", views.BranchEdit.as_view(), name="branch-edit"),
    path("vestigingen/<int:pk>/verwijderen/", views.BranchDelete.as_view(), name="branch-delete"),
    path("overzicht/<int:customer_pk>/contactpersonen/aanmaken/", views.ContactCreate.as_view(), name="contact-create"),
    path("contactpersonen/<int:pk>/bewerken/", views.ContactEdit.as_view(), name="contact-edit"),
    path("contactpersonen/<int:pk>/verwijderen/", views.ContactDelete.as_view(), name="contact-delete"),
]
