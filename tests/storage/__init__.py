"""Tests of the records: the schema, the file, and one module of SQL a feature."""
