from django.urls import path

from . import agreement_views, copy_views, raise_views, views

app_name = "services"
urlpatterns = [
    path("groepen-aanmaken/", views.GroupCreate.as_view(), name="group-create"),
    path("groepen-overzicht/", views.GroupOverview.as_view(), name="group-overview"),
    path("groepen-overzicht/<int:pk>/bewerken/", views.GroupEdit.as_view(), name="group-edit"),
    path("groepen-overzicht/<int:pk>/verwijderen/", views.GroupDelete.as_view(), name="group-delete"),
    path("aanmaken/", views.ServiceCreate.as_view(), name="create"),
    path("overzicht/", views.ServiceOverview.as_view(), name="overview"),
    path("overzicht/<int:pk>/bewerken/", views.ServiceEdit.as_view(), name="edit"),
    path("overzicht/<int:pk>/verwijderen/", views.ServiceDelete.as_view(), name="delete"),
    path("overnemen/", copy_views.copy, name="copy"),
    path("overnemen/<int:pk>/", copy_views.CopyConfirmation.as_view(), name="copy-preview"),
    path("prijzen/", views.prices, name="matrix"),
    path("prijsbeheer/<int:customer_pk>/", agreement_views.PriceAgreements.as_view(), name="price-agreements"),
    path("prijsbeheer/<int:customer_pk>/afspraken/", agreement_views.Agreements.as_view(), name="agreements"),
    path("prijsbeheer/<int:customer_pk>/afspraken/aanmaken/", agreement_views.agreement_create, name="agreement-create"),
    path("prijsbeheer/<int:customer_pk>/afspraken/<int:pk>/beeindigen/", agreement_views.agreement_end, name="agreement-end"),
    path("prijsbeheer/<int:customer_pk>/verhogen/", raise_views.raise_prices, name="raise-customer"),
    path("prijsbeheer/<int:customer_pk>/verhogen/<int:pk>/", raise_views.RaiseConfirmation.as_view(), name="raise-customer-preview"),
    path("prijzen-verhogen/", raise_views.raise_prices, name="raise"),
    path("prijzen-verhogen/voorbeeld/<int:pk>/", raise_views.RaiseConfirmation.as_view(), name="raise-preview"),
    path("prijzen-verhogen/<int:pk>/ongedaan-maken/", raise_views.raise_undo, name="raise-undo"),
]
