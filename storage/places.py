"""Where a database may lie: in a folder that is there, on a disk of this machine."""

import re
from pathlib import Path

from cohort.errors import StoreUnusable

MOUNTS = Path("/proc/mounts")
# SQLite's write-ahead log needs shared memory, which these don't have: https://www.sqlite.org/wal.html
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "vboxsf", "davfs"}
    | {"fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "fuse.rclone", "fuse.davfs2"}
)
_ESCAPED = re.compile(r"\\([0-7]{3})")


def check_place(path: Path) -> None:
    """Raise StoreUnusable for a folder that is missing, or a network file system."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise StoreUnusable(f"the folder {folder} is not there", "Make it, or let COHORT_DB name another file.")
    mounts = MOUNTS.read_text() if MOUNTS.exists() else ""
    kind = file_system_of(path.resolve().parent, mounts)
    if kind in NETWORK:
        raise StoreUnusable(
            f"{folder} lies on a network file system ({kind}), where SQLite loses data",
            "Let COHORT_DB name a file on a disk of this machine.",
        )


def file_system_of(folder: Path, mounts: str) -> str:
    """Return the kind of file system a folder lies on, by a table as /proc/mounts has it; empty if unknown."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        words = line.split()
        if len(words) < 3:
            continue
        point = Path(_ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), words[1]))
        if folder.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), words[2]
    return kind
