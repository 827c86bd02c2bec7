"""The logins of the demo company, as `make run` prints them."""

LOGINS = [("Eigenaar", "eigenaar"), ("Werknemer", "werknemer"), ("Klant", "klant")]
PASSWORD = "demo-glanzend-2026"
