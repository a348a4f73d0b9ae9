"""The digest in a workspace: an organizer asks for it, and the pictures come with words for who can't see them."""

from tests.e2e.conftest import Programme


def test_an_organizer_asks_and_the_pictures_come(programme: Programme) -> None:
    orla = programme.person("orla")
    said = orla.command("/cohort digest").shown
    assert "The week until" in said
    assert "Pictures come in your direct messages" in said
    assert "(file: cohort-grid.png)" in orla.wait_for("Who did what: 3 students", timeout=45)
    assert "(file: cohort-levels.png)" in orla.wait_for("How everyone stood over 5 weeks", timeout=45)
    workspace = programme.sandbox.workspace
    seen = workspace.visible(workspace.find_user("orla").id, None, 50)
    files = {file["name"]: file for message in seen for file in message.files}
    assert files["cohort-grid.png"]["alt_txt"].startswith("A grid of 3 students and 3 assignments")
    assert files["cohort-grid.png"]["mimetype"] == "image/png"


def test_a_ta_reads_of_those_they_follow_only(programme: Programme) -> None:
    assert "You follow nobody up at the moment." in programme.person("tara").command("/cohort digest").shown
