"""The connection to Slack: renewed when Slack asks, made again when it is lost, never long without one."""

from tests.e2e.conftest import Programme


def test_slack_asks_for_a_new_connection_and_nobody_notices(programme: Programme) -> None:
    """slack_sdk alone was without a connection for up to ten seconds, in two of three cases."""
    ada = programme.person("ada")
    for _ in range(4):
        programme.admin.disconnect()
        programme.admin.wait_connected(1, timeout=4.0)
        assert "Hello Ada" in ada.command("/cohort help").shown


def test_a_lost_connection_is_made_again(programme: Programme) -> None:
    programme.admin.drop()
    programme.admin.wait_connected(1, timeout=8.0)
    assert "is now due" in programme.person("ada").command("/extension hw3 2d").shown


def test_a_slack_that_restarts_is_found_again(programme: Programme) -> None:
    programme.admin.restart(0.5)
    programme.admin.wait_connected(1, timeout=15.0)
    assert "is now due" in programme.person("ada").command("/extension hw3 2d").shown
