from django.urls import path

from .planning import feeds

urlpatterns = [path("<int:company_pk>/<str:key>.ics", feeds.calendar, name="calendar-feed")]
