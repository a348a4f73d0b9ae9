"""What every table of cohort.toml is: frozen, and strict about its keys."""

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A table of cohort.toml: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
