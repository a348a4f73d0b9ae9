"""Scripts that write programmes to try the bot on, and small files that show the import formats."""
