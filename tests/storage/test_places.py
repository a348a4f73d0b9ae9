"""Databases lie on disks of this machine."""

from pathlib import Path

import pytest

from cohort.errors import StoreUnusable
from storage import places
from storage.places import check_place, file_system_of

MOUNTS = r"""
overlay / overlay rw,relatime 0 0
proc /proc proc rw 0 0
/dev/sda1 /srv ext4 rw 0 0
server:/home /srv/home nfs4 rw 0 0
/dev/sdb1 /srv/home/own ext4 rw 0 0
//server/share /mnt/with\040space cifs rw 0 0
me@server: /mnt/tab\011bed fuse.sshfs rw 0 0
/dev/sdc1 /media/disk vfat rw 0 0
server:/later /media/disk nfs rw 0 0
a line
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/", "overlay"),
        ("/home/tara", "overlay"),
        ("/srv", "ext4"),
        ("/srv/homes", "ext4"),
        ("/srv/home", "nfs4"),
        ("/srv/home/tara", "nfs4"),
        ("/srv/home/own/tara", "ext4"),
        ("/mnt/with space/cohort", "cifs"),
        ("/mnt/with", "overlay"),
        ("/mnt/tab\tbed", "fuse.sshfs"),
        ("/media/disk", "nfs"),
    ],
)
def test_a_folder_lies_on_the_deepest_and_latest_mount_above_it(folder: str, kind: str) -> None:
    assert file_system_of(Path(folder), MOUNTS) == kind


def test_what_no_table_names_is_unknown() -> None:
    assert file_system_of(Path("/srv"), "") == ""


def test_a_folder_of_this_machine_will_do(tmp_path: Path) -> None:
    check_place(tmp_path / "cohort.db")


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="is not there") as told:
        check_place(tmp_path / "nowhere" / "cohort.db")
    assert told.value.mend == "Make it, or let COHORT_DB name another file."


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that this machine's table calls a network file system."""
    folder = tmp_path / "share"
    folder.mkdir()
    table = tmp_path / "mounts"
    table.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/home {folder.resolve()} nfs4 rw 0 0\n")
    monkeypatch.setattr(places, "MOUNTS", table)
    return folder


def test_a_network_file_system_is_refused(share: Path) -> None:
    with pytest.raises(StoreUnusable, match=r"network file system \(nfs4\)") as told:
        check_place(share / "cohort.db")
    assert told.value.mend == "Let COHORT_DB name a file on a disk of this machine."


def test_a_link_to_a_network_file_system_is_refused(share: Path, tmp_path: Path) -> None:
    link = tmp_path / "cohort.db"
    link.symlink_to(share / "cohort.db")
    with pytest.raises(StoreUnusable, match="network file system"):
        check_place(link)


def test_a_machine_without_a_table_of_mounts_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "MOUNTS", tmp_path / "none")
    check_place(tmp_path / "cohort.db")
