"""How fast the bot is, as ratios of one run: `make bench`."""
