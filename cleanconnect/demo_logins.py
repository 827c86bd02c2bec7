"""The logins of the demo company, as `make run` prints them."""

LOGINS = [("Eigenaar", "eigenaar"), ("Werknemer", "werknemer"), ("Klant", "klant"), ("Boekhouder", "boekhouder")]
PASSWORD = "demo-glanzend-2026"
