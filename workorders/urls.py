from django.urls import path

from . import costs, handover, many_views, photos, printing, views
from .planning import feeds, hall
from .planning import views as planning

app_name = "workorders"
urlpatterns = [
    path("aanmaken/", views.create, name="create"),
    path("aanmaken/keuzes/", views.create_choices, name="create-choices"),
    path("aanmaken/concept/", views.keep_draft, name="keep-draft"),
    path("aanmaken/concept/<int:pk>/weggooien/", views.drop_draft, name="drop-draft"),
    path("meer-tegelijk/", many_views.create_many, name="create-many"),
    path("meer-tegelijk/<int:pk>/", many_views.ManyConfirmation.as_view(), name="many-preview"),
    path("overzicht/", views.OrderOverview.as_view(), name="overview"),
    path("overzicht/filters/", views.more_filters, name="more-filters"),
    path("overzicht/totalen/", views.totals, name="totals"),
    path("overzicht/weergaven/bewaren/", views.save_view, name="save-view"),
    path("overzicht/weergaven/<int:pk>/weghalen/", views.drop_view, name="drop-view"),
    path("overzicht/<int:pk>/bewerken/", views.edit, name="edit"),
    path("overzicht/<int:pk>/bewerken/keuzes/", views.edit_choices, name="edit-choices"),
    path("overzicht/<int:pk>/verwijderen/", views.OrderDelete.as_view(), name="delete"),
    path("overzicht/<int:pk>/status/<slug:to>/", views.set_status, name="set-status"),
    path("overzicht/<int:pk>/status/<slug:to>/waarom/", views.set_status_because, name="set-status-because"),
    path("overzicht/<int:pk>/staat/", photos.intake, name="intake"),
    path("overzicht/<int:pk>/staat/<int:mark_pk>/weghalen/", photos.remove_mark, name="remove-mark"),
    path("fotos/<int:pk>/", photos.photo, name="photo"),
    path("fotos/<int:pk>/origineel/", photos.photo_original, name="photo-original"),
    path("overzicht/<int:pk>/overdracht/", handover.hand_over, name="hand-over"),
    path("overdrachten/<int:pk>/handtekening/", handover.signature, name="signature"),
    path("overzicht/<int:pk>/werkbon/", printing.slip, name="slip"),
    path("overzicht/<int:pk>/label/", printing.label, name="label"),
    path("overzicht/<int:pk>/plannen/", planning.plan_order, name="plan"),
    path("kosten/", costs.Costs.as_view(), name="costs"),
    path("planning/", planning.board, name="planning"),
    path("planning/werkorders/", planning.events, name="planning-events"),
    path("planning/bezetting/", planning.capacity, name="planning-capacity"),
    path("planning/nog-te-plannen/", planning.backlog, name="planning-backlog"),
    path("planning/werkbonnen/", printing.slips_of_day, name="slips-of-day"),
    path("planning/halscherm/", hall.hall_screen, name="hall-screen"),
    path("planning/werktijden/", planning.hours, name="hours"),
    path("planning/werkplekken/toevoegen/", planning.BayCreate.as_view(), name="bay-create"),
    path("planning/werkplekken/<int:pk>/bewerken/", planning.BayEdit.as_view(), name="bay-edit"),
    path("planning/werkplekken/<int:pk>/verwijderen/", planning.BayDelete.as_view(), name="bay-delete"),
    path("planning/dagen/toevoegen/", planning.SpecialDayCreate.as_view(), name="special-day-create"),
    path("planning/dagen/<int:pk>/verwijderen/", planning.SpecialDayDelete.as_view(), name="special-day-delete"),
    path("planning/agendalinks/", feeds.feeds, name="feeds"),
    path("planning/agendalinks/<int:pk>/intrekken/", feeds.FeedDelete.as_view(), name="feed-delete"),
]
