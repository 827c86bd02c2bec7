from django.urls import include, path

urlpatterns = [
    path("", include("accounts.public_urls")),
    path("", include("dossiers.urls")),
    path("startgids/", include("start.urls")),
    path("gebruikers/", include("accounts.urls")),
    path("klantenbeheer/", include("customers.urls")),
    path("voertuigen/", include("vehicles.urls")),
    path("werkzaamheden/", include("services.urls")),
    path("kwaliteitscheck/", include("quality.urls")),
    path("werkorders/offertes/", include("quotes.urls")),
    path("", include("quality.link_urls")),
    path("", include("invoicing.online.public_urls")),
    path("", include("quotes.public_urls")),
    path("agenda/", include("workorders.feed_urls")),
    path("facturen/boekhouding/", include("bookkeeping.urls")),
    path("facturen/", include("invoicing.urls")),
    path("import-en-export/importeren/", include("imports.urls")),
    path("import-en-export/exporteren/", include("exports.urls")),
    path("berichten/", include("notifications.urls")),
]

handler500 = "cleanconnect.outage.server_error"
