"""Slack in, Slack out: one module a feature, and its Block Kit in handlers/views/."""
