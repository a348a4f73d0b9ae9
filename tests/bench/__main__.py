"""Runs every bench, or those that are named, and says whether the targets hold."""

import sys
from collections.abc import Callable, Mapping

import click

from tests.bench import big_import, bookings, crowd, delivery, digest, grants, home, queue, sweeps, terms
from tests.bench.measuring import Finding

BENCHES: Mapping[str, Callable[[], list[Finding]]] = {
    "grants": grants.measure,
    "crowd": crowd.measure,
    "import": big_import.measure,
    "sweeps": sweeps.measure,
    "delivery": delivery.measure,
    "queue": queue.measure,
    "bookings": bookings.measure,
    "digest": digest.measure,
    "home": home.measure,
    "backtest": terms.measure,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(BENCHES)))
def main(names: tuple[str, ...]) -> None:
    """Measure; exit code 1 when a target does not hold."""
    held = [_run(name) for name in names or BENCHES]
    sys.exit(0 if all(held) else 1)


def _run(name: str) -> bool:
    measure = BENCHES[name]
    click.echo(f"{name}: {(sys.modules[measure.__module__].__doc__ or '').strip()}")
    findings = measure()
    for finding in findings:
        click.echo(str(finding))
    return all(finding.holds is not False for finding in findings)


if __name__ == "__main__":
    main()
