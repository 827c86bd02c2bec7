"""What the demo company is made of: invented names, real makes and models, prices as they are asked in this trade."""

from decimal import Decimal

COMPANY = {
    "name": "Autopoetsbedrijf De Glans",
    "street": "Industrieweg 14",
    "postcode": "3401 MA",
    "city": "IJsselstein",
    "email": "info@deglans.example",
    "phone": "030 555 01 10",
    "kvk_number": "90004712",
    "vat_number": "NL000099998B57",
    "iban": "NL02ABNA0123456789",
    "payment_term_days": 14,
    "colour": "#0f5c7a",
}
HOURLY_COST = Decimal("34.50")
BAYS = ["Wasbrug", "Poetsbox 1", "Poetsbox 2", "Coatingcabine"]
OWNER = "Sanne Verhoef"
BOOKKEEPER = "Ingrid Cijfers-de Boer"
EMPLOYEES = ["Youssef Amrani", "Daan Kuipers", "Milan de Wit", "Kevin Bouman", "Fatma Yıldız", "Joost van Vliet"]

# --- customers: (type, name, contact, weight: how many of the cars are theirs) -------------------------------------
CUSTOMER_TYPES = {"Dealer": False, "Leasemaatschappij": False, "Zakelijk": False, "Particulier": True}
INVOICED_MONTHLY = {"Dealer", "Leasemaatschappij"}
DEALER_WITH_LOGIN = "Autobedrijf Van den Heuvel"
CUSTOMERS = [
    ("Dealer", DEALER_WITH_LOGIN, "Peter van den Heuvel", 28),
    ("Dealer", "Garage De Lek", "Anouk Smit", 7),
    ("Dealer", "Autocentrum Lekdijk", "Mark de Boer", 7),
    ("Dealer", "Automobielbedrijf Kooijman", "Henk Kooijman", 6),
    ("Dealer", "Garage Vermeulen & Zn.", "Bas Vermeulen", 5),
    ("Dealer", "Occasionhuis Montfoort", "Karim El Idrissi", 6),
    ("Dealer", "Autobedrijf Hoekstra", "Sietske Hoekstra", 3),
    ("Dealer", "Campercentrum De Waard", "Ton de Waard", 5),
    ("Dealer", "Autobedrijf Jaarsveld", "Corné Jaarsveld", 2),
    ("Leasemaatschappij", "Merwede Lease", "Ingrid Postma", 6),
    ("Leasemaatschappij", "Rijnstroom Lease", "Wouter Dekker", 4),
    ("Leasemaatschappij", "Polder Mobiliteit", "Naima Bakkali", 3),
    ("Leasemaatschappij", "Groene Hart Lease", "Esther Blom", 2),
    ("Zakelijk", "Bouwbedrijf Van Rooijen", "Gerard van Rooijen", 4),
    ("Zakelijk", "Installatietechniek Brouwer", "Mirjam Brouwer", 3),
    ("Zakelijk", "Taxi Lopik", "Ali Özdemir", 3),
    ("Zakelijk", "Thuiszorg De Linde", "Petra van Dijk", 2),
    ("Zakelijk", "Schildersbedrijf Vos", "Rob Vos", 2),
    ("Zakelijk", "Notariskantoor Van Beek", "Charlotte van Beek", 1),
    ("Zakelijk", "Rijschool Vrij Baan", "Linda Maas", 1),
    ("Zakelijk", "Makelaardij Oudewater", "Jeroen Prins", 1),
    ("Zakelijk", "Bloemenhandel Van Leeuwen", "Dirk van Leeuwen", 1),
    ("Zakelijk", "Koeriersdienst Snelstra", "Femke Snelstra", 1),
    ("Zakelijk", "Architectenbureau Lijn & Licht", "Thijs Mulder", 1),
    ("Particulier", "Annelies de Groot", "", 1),
    ("Particulier", "Willem Hendriks", "", 1),
    ("Particulier", "Fatima Benali", "", 1),
    ("Particulier", "Joris Timmermans", "", 1),
    ("Particulier", "Marijke van der Meer", "", 1),
    ("Particulier", "Stefan Kok", "", 1),
    ("Particulier", "Priya Ramdin", "", 1),
    ("Particulier", "Cees Verweij", "", 1),
    ("Particulier", "Lotte Huisman", "", 1),
    ("Particulier", "Emre Kaya", "", 1),
    ("Particulier", "Ria Scholten", "", 1),
    ("Particulier", "Bart 't Hart", "", 1),
    ("Particulier", "Nienke Dijkstra", "", 1),
    ("Particulier", "Guus van Es", "", 1),
    ("Particulier", "Sophie Claassen", "", 1),
    ("Particulier", "Hans-Willem Goedhart", "", 1),
]
BRANCHES = {"Merwede Lease": ["Utrecht", "Gorinchem"], "Rijnstroom Lease": ["Woerden"]}
STREETS = [
    "Dorpsstraat", "Kerkstraat", "Molenweg", "Lekdijk", "Stationsweg", "Julianalaan", "Nijverheidsweg", "Raadhuisplein", "Achthoven",
    "Schoolstraat", "Beatrixlaan", "Biezendijk", "Wilgenlaan", "Handelsweg", "Noord IJsseldijk", "Eiteren", "Vlasakker", "Lindelaan",
]  # fmt: skip
PLACES = [
    ("3401", "IJsselstein"), ("3411", "Lopik"), ("3417", "Montfoort"), ("3421", "Oudewater"), ("3431", "Nieuwegein"), ("3441", "Woerden"),
    ("3451", "Vleuten"), ("3481", "Harmelen"), ("4131", "Vianen"), ("3991", "Houten"), ("3526", "Utrecht"), ("2871", "Schoonhoven"),
]  # fmt: skip
NOTES = [
    "Belt altijd een uur van tevoren.",
    "Sleutels in de kluis naast de deur.",
    "Factuur graag met het kenteken erop.",
    "Wil geen geurtje in de auto.",
]

# --- vehicles ------------------------------------------------------------------------------------------------------
STANDARD, XL, VAN, CAMPER = VEHICLE_TYPES = ["Auto standaard", "Auto XL", "Bedrijfsauto", "Camper"]
RULES = [  # what the RDW says, and what that is here
    (CAMPER, {"body": "kampeerwagen"}),
    (VAN, {"kind": "Bedrijfsauto"}),
    (XL, {"kind": "Personenauto", "min_length": 465}),
    (XL, {"kind": "Personenauto", "min_mass": 1900}),
    (STANDARD, {"kind": "Personenauto"}),
]
MODELS = {
    STANDARD: [
        ("Volkswagen", "Golf"), ("Volkswagen", "Polo"), ("Volkswagen", "ID.3"), ("Opel", "Corsa"), ("Opel", "Astra"),
        ("Peugeot", "208"), ("Peugeot", "308"), ("Renault", "Clio"), ("Renault", "Captur"), ("Toyota", "Yaris"),
        ("Toyota", "Aygo"), ("Kia", "Picanto"), ("Ford", "Fiesta"), ("Ford", "Focus"), ("Audi", "A1"), ("Audi", "A3"),
        ("BMW", "1 Serie"), ("BMW", "3 Serie"), ("Seat", "Ibiza"), ("Skoda", "Fabia"), ("Fiat", "500"), ("Mini", "Cooper"),
        ("Hyundai", "i10"), ("Tesla", "Model 3"), ("Volvo", "V40"), ("Citroën", "C3"),
    ],
    XL: [
        ("Volvo", "XC90"), ("Volvo", "V90"), ("Kia", "Sorento"), ("Kia", "EV9"), ("BMW", "X5"), ("Audi", "Q8"),
        ("Tesla", "Model Y"), ("Mercedes-Benz", "GLE"), ("Volkswagen", "Touran"), ("Skoda", "Kodiaq"), ("Peugeot", "5008"),
        ("Land Rover", "Range Rover"), ("Ford", "Galaxy"),
    ],
    VAN: [
        ("Mercedes-Benz", "Sprinter"), ("Mercedes-Benz", "Vito"), ("Volkswagen", "Transporter"), ("Volkswagen", "Caddy"),
        ("Renault", "Trafic"), ("Renault", "Kangoo"), ("Ford", "Transit Custom"), ("Opel", "Vivaro"), ("Peugeot", "Partner"),
        ("Fiat", "Ducato"), ("Toyota", "Proace"),
    ],
    CAMPER: [
        ("Adria", "Matrix"), ("Hymer", "B-Klasse"), ("Knaus", "Sky TI"), ("Volkswagen", "California"), ("Bürstner", "Lyseo"),
        ("Dethleffs", "Trend"),
    ],
}  # fmt: skip
TYPE_WEIGHTS = {
    "Dealer": [72, 18, 8, 2],
    "Leasemaatschappij": [60, 25, 15, 0],
    "Zakelijk": [35, 15, 50, 0],
    "Particulier": [70, 20, 0, 10],
}
SIDECODES = ["99-XXX-9", "9-XXX-99", "XX-999-X", "X-999-XX", "XXX-99-X"]  # 7 to 11, on the road since 2008
FOREIGN_PLATES = [("ES-GL 417", "D"), ("1-KTR-882", "B")]

# --- work: {group: {handling: price excluding VAT for each vehicle type, None where we do not do it}} ----------------
SERVICES = {
    "Standaard pakket": {
        "Wassen en zuigen": ("45.00", "55.00", "59.50", "110.00"),
        "Binnen en buiten compleet": ("135.00", "165.00", "175.00", "345.00"),
        "Inruilbeurt": ("98.50", "119.00", "125.00", None),
        "Aflevering nieuwe auto": ("62.50", "75.00", "82.50", "195.00"),
    },
    "Exterieur": {
        "Handwas en drogen": ("29.50", "35.00", "39.50", "85.00"),
        "Velgen diep reinigen": ("24.50", "27.50", "27.50", "34.50"),
        "Teer en vliegroest verwijderen": ("39.50", "45.00", "49.50", "95.00"),
        "Polijsten": ("189.00", "229.00", "249.00", "545.00"),
        "Waslaag aanbrengen": ("49.50", "59.50", "65.00", "145.00"),
        "Keramische coating": ("495.00", "575.00", "645.00", "1295.00"),
        "Belettering verwijderen": (None, None, "149.00", None),
        "Dak en luifel reinigen": (None, None, None, "89.50"),
    },
    "Interieur": {
        "Zuigen en afnemen": ("27.50", "32.50", "35.00", "75.00"),
        "Bekleding diep reinigen": ("89.00", "109.00", "79.00", "165.00"),
        "Leder reinigen en voeden": ("69.50", "84.50", None, "125.00"),
        "Hondenharen verwijderen": ("35.00", "42.50", "35.00", "55.00"),
        "Kauwgom verwijderen": ("12.50", "12.50", "12.50", "12.50"),
        "Ozonbehandeling": ("49.50", "54.50", "59.50", "79.50"),
    },
}
SERVICES["Verkoopklaar"] = {
    "Motorruimte reinigen": ("45.00", "49.50", "55.00", "65.00"),
    "Lak opfrissen": ("75.00", "89.00", "95.00", "165.00"),
    "Luchtjes verwijderen": ("29.50", "32.50", "32.50", "45.00"),
}
PACKAGES = {"Verkoopklaar": ("129.00", "149.00", "159.00", "235.00")}  # ordered as a whole, for this price
EARNED_A_MINUTE = Decimal("0.95")  # euro; what a handling takes follows from its price
FAVOURITES = {  # what the customers of a type mostly ask for
    "Dealer": ["Inruilbeurt", "Aflevering nieuwe auto", "Wassen en zuigen"],
    "Leasemaatschappij": ["Binnen en buiten compleet", "Inruilbeurt"],
    "Zakelijk": ["Wassen en zuigen", "Binnen en buiten compleet"],
    "Particulier": ["Binnen en buiten compleet", "Wassen en zuigen"],
}
DISCOUNTS = {  # price agreements: part of the list price for the standard packages
    DEALER_WITH_LOGIN: Decimal("0.80"),
    "Garage De Lek": Decimal("0.85"),
    "Occasionhuis Montfoort": Decimal("0.85"),
    "Merwede Lease": Decimal("0.82"),
    "Taxi Lopik": Decimal("0.90"),
}
ORDER_NOTES = [
    "Reserveonderdelen in de kofferbak laten liggen.",
    "Klant wacht in de kantine.",
    "Let op: steenslag op de motorkap, niet met hoge druk.",
    "Kinderzitje graag terugplaatsen.",
    "Alleen pH-neutrale shampoo, auto is gecoat.",
    "Tweede sleutel ligt in het dashboardkastje.",
]
ORDER_REMARKS = [
    "De auto staat vanaf 16.00 uur klaar.",
    "Vlek in de achterbank is lichter geworden, maar niet helemaal weg.",
    "Wij adviseren de waslaag elk half jaar te herhalen.",
    "Het luchtfilter kan aan vervanging toe zijn.",
]

# --- quality check: {group: [(item, short description)]} ---------------------------------------------------------------
CHECKLIST = {
    "Exterieur": [
        ("Lak schoon en droog", "Geen waterdruppels of wasresten, ook onder de spiegels."),
        ("Velgen en banden", "Geen remstof tussen de spaken, banden mat zwart."),
        ("Ruiten buitenzijde", "Streeploos, gecontroleerd in tegenlicht."),
        ("Deurstijlen en sponningen", "Alle deuren open geweest, klep en tankdop ook."),
    ],
    "Interieur": [
        ("Dashboard en deurpanelen", "Stofvrij, ook de roosters en de knoppen."),
        ("Vloer en matten", "Gezogen tot onder de stoelen, matten terug."),
        ("Bekleding", "Geen vlekken of haren."),
        ("Ruiten binnenzijde", "Streeploos, spiegel meegenomen."),
        ("Kofferbak", "Gezogen, spullen van de klant terug."),
    ],
    "Standaard": [
        ("Spullen van de klant", "Alles wat eruit ging, ligt er weer in."),
        ("Stoel en spiegels", "Terug in de stand van de klant."),
        ("Sleutel", "Op het bord, met kaartje."),
    ],
}
DEFECTS = [  # (checklist item, what was found, what the drawing shows)
    ("Lak schoon en droog", "Kras van ongeveer 20 cm op het rechter voorportier, tot op de grondlak.", "scratch"),
    ("Lak schoon en droog", "Deuk in het linker achterscherm, zo groot als een hand.", "dent"),
    ("Lak schoon en droog", "Steenslag op de motorkap, op drie plekken roest.", "chips"),
    ("Lak schoon en droog", "Parkeerschade: lichte kras op de achterbumper.", "scratch"),
    ("Deurstijlen en sponningen", "Deukje in de rand van het linker portier.", "dent"),
    ("Deurstijlen en sponningen", "Lak beschadigd bij het slot van de achterklep.", "chips"),
]
