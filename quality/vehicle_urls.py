"""The page of one vehicle: its address is with the vehicles, what it shows comes from the orders and their checks."""

from django.urls import path

from .vehicle_page import VehiclePage

urlpatterns = [path("<int:pk>/", VehiclePage.as_view(), name="vehicle-page")]
