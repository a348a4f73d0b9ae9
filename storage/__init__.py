"""The records: schema, migrations and one module of SQL a feature."""
