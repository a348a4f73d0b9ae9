"""The process: command line, settings, wiring and delivery to Slack."""
