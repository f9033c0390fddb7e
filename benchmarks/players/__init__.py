"""What `benchmarks/other_players.py` is made of: a clip whose frames can be told apart on a screen, an eye on a virtual
screen, and the players of others that are shown to it."""
