"""The pages that show what many rooms know: each keeps its address, and its name, with the things that it is about."""

from django.urls import include, path

from workorders import urls as orders

from . import views

of_orders = [path("overzicht/<int:pk>/", views.OrderPage.as_view(), name="detail"), *orders.urlpatterns]

urlpatterns = [
    path("zoeken/", views.search, name="search"),
    path("klantenbeheer/overzicht/<int:pk>/", views.CustomerPage.as_view(), name="customer-file"),
    path("klantenbeheer/overzicht/<int:pk>/geschiedenis/", views.CustomerHistory.as_view(), name="customer-history"),
    path("klantenbeheer/overzicht/<int:pk>/terugzetten/", views.restore, name="customer-restore"),
    path("klantenbeheer/overzicht/<int:pk>/samenvoegen/", views.merge_with, name="customer-merge"),
    path("klantenbeheer/overzicht/<int:pk>/anonimiseren/", views.forget, name="customer-anonymise"),
    path("voertuigen/<int:pk>/", views.VehiclePage.as_view(), name="vehicle-page"),
    path("werkorders/", include((of_orders, orders.app_name))),
]
