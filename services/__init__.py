"""Use cases: one function each; rules, records and outgoing messages in one transaction."""
