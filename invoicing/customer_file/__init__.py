"""The file of one customer (klantdossier): what is open on top, and what is done with the customer as a whole.

Its addresses are with the customers; what it shows and moves comes from every room, so it stands in the last of them.
"""
