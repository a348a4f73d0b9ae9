"""Drawing pictures of the cohort as PNG, with a charting library that the bot runs without."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from io import BytesIO
from itertools import groupby
from math import isnan, nan
from typing import TYPE_CHECKING, Any, Final

from cohort.levels import Level
from cohort.pictures import Cell, Grid, GridRow, WeekOfLevels
from services.check_in_weeks import LEAST, PLACES, CheckInReport, WeekSums, named

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

# Okabe and Ito's colours, which people with any kind of colour vision can tell apart, and a mark for each besides.
# What passed is most of a grid, and paler, so that what is missed stands out.
CELLS: Final[Mapping[Cell, tuple[str, str, str, str]]] = {
    Cell.PASSED: ("passed", "#BCE3D6", "✓", "#00684C"),
    Cell.HANDED_IN: ("handed in", "#56B4E9", "●", "black"),
    Cell.LATE: ("handed in late", "#0072B2", "L", "white"),
    Cell.EXTENDED: ("extended, or asked", "#F0E442", "+", "black"),
    Cell.NOT_PASSED: ("not passed", "#CC79A7", "↺", "black"),
    Cell.MISSED: ("missed", "#D55E00", "✕", "white"),
    Cell.DROPPED: ("dropped", "#7F7F7F", "–", "white"),
    Cell.EXCUSED: ("excused", "#FFFFFF", "e", "black"),
    Cell.DUE: ("to come", "#F1F1F1", "", "black"),
    Cell.NOTHING: ("", "#FFFFFF", "", "black"),
}
LEVELS: Final[Mapping[Level, tuple[str, str, str, str]]] = {
    Level.ON_TRACK: ("on track", "#009E73", "", "white"),
    Level.SLIPPING: ("slipping", "#F0E442", "..", "black"),
    Level.AT_RISK: ("at risk", "#E69F00", "//", "black"),
    Level.CRITICAL: ("critical", "#D55E00", "xx", "black"),
}
UNKNOWN: Final = ("not known yet", "#E4E4E4", "", "black")
LEFT: Final = ("left", "#7A7A7A", "", "white")
# Hours under, within and over what is promised, the lowest in a bar first.
HOURS: Final[Mapping[str, tuple[str, str]]] = {
    "under": ("#56B4E9", ".."),
    "within": ("#009E73", ""),
    "over": ("#D55E00", "//"),
}
PLAIN: Final = "#0072B2"
FONT: Final = "DejaVu Sans"
DPI: Final = 150
# Square points.
MARK: Final = 34
# Inches.
CELL_WIDE, CELL_HIGH, NAMES_WIDE, LEVEL_WIDE, TOP, BOTTOM = 0.30, 0.185, 1.9, 1.35, 1.75, 0.95
# The legend needs as much room as these.
COLUMNS_LEAST: Final = 24
NAME_MOST: Final = 24
SLUG_MOST: Final = 14
OBSTACLE_MOST: Final = 48


def can_draw() -> bool:
    """Say whether the library is there that draws."""
    return find_spec("matplotlib") is not None


def draw_grid(grid: Grid) -> bytes:
    """Return the cohort as a grid, as PNG: a row a student, a column an assignment."""
    columns, rows = max(len(grid.assignments), COLUMNS_LEAST), max(len(grid.rows), 1)
    wide = NAMES_WIDE + columns * CELL_WIDE + LEVEL_WIDE
    high = TOP + rows * CELL_HIGH + BOTTOM
    figure = _figure(wide, high)
    axes = figure.add_axes((NAMES_WIDE / wide, BOTTOM / high, columns * CELL_WIDE / wide, rows * CELL_HIGH / high))
    axes.set(xlim=(0, columns), ylim=(rows, 0))
    _cells(axes, grid)
    _marks(axes, grid)
    _names(axes, grid)
    _bands(axes, grid)
    _top(figure, grid, wide, high)
    return _png(figure)


def draw_levels(weeks: Sequence[WeekOfLevels]) -> bytes:
    """Return how many students stood how at the end of each week, as stacked bars, as PNG."""
    wide, high = max(7.5, 2.6 + 0.62 * len(weeks)), 5.2
    figure = _figure(wide, high)
    axes = figure.add_axes((0.8 / wide, 0.75 / high, 1 - 2.6 / wide, 1 - 1.5 / high))
    _bars(axes, weeks)
    axes.set_xticks(range(len(weeks)), [f"{week.week_on.day} {week.week_on:%b}" for week in weeks])
    axes.set_xlim(-0.6, max(len(weeks), 4) - 0.4)
    axes.tick_params(axis="x", rotation=45 if len(weeks) > 16 else 0, labelsize=8, length=0)
    axes.tick_params(axis="y", labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_ylabel("students", fontsize=9)
    axes.set_xlabel("week beginning (the last bar is now)", fontsize=9)
    axes.set_title("How everyone stands, week by week", fontsize=12, loc="left", fontweight="bold")
    handles, labels = axes.get_legend_handles_labels()
    # The legend lists them as they are stacked, the topmost first.
    axes.legend(
        handles[::-1],
        labels[::-1],
        loc="upper left",
        bbox_to_anchor=(1.01, 1),
        frameon=False,
        fontsize=9,
        handleheight=1.4,
    )
    return _png(figure)


def draw_check_ins(found: CheckInReport) -> bytes:
    """Return the check-ins as PNG: hours, mood and answers week by week, and what is in the way in the newest."""
    figure = _figure(11.5, 7.6)
    least, most = found.policy.hours_promised
    newest = f"{found.newest.week_on.day} {found.newest.week_on:%b}"
    hours = _chart(figure, (0, 1), f"Hours a week: {least:g} to {most:g} are promised")
    _hours(hours, found)
    _weeks(hours, found.weeks)
    moods = _chart(figure, (1, 1), "How it goes, 1 to 5, on average")
    _moods(moods, found.weeks)
    _weeks(moods, found.weeks)
    _obstacles(_chart(figure, (0, 0), f"In the way, week of {newest}"), found.newest.obstacles)
    answers = _chart(figure, (1, 0), "How many answered, of those who were asked")
    _answers(answers, found.weeks)
    _weeks(answers, found.weeks)
    title = f"Check-ins until the week of {newest}: sums of five or more; “few” are fewer"
    figure.text(0.06, 0.965, title, fontsize=12, fontweight="bold", va="center")
    return _png(figure)


def _chart(figure: "Figure", place: tuple[int, int], title: str) -> "Axes":
    """Return one of four charts: the first of a row or the second, in the lower row or the upper."""
    across, up = place
    axes = figure.add_axes((0.06 + 0.49 * across, 0.08 + 0.47 * up, 0.42, 0.32))
    axes.set_title(title, fontsize=10, loc="left", fontweight="bold", pad=26 if (across, up) == (0, 1) else 8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8, length=0)
    return axes


def _weeks(axes: "Axes", weeks: Sequence[WeekSums]) -> None:
    axes.set_xticks(range(len(weeks)), [f"{week.week_on.day} {week.week_on:%b}" for week in weeks])
    axes.set_xlim(-0.6, max(len(weeks), 4) - 0.4)
    axes.tick_params(axis="x", labelsize=7 if len(weeks) > 8 else 8)


def _hours(axes: "Axes", found: CheckInReport) -> None:
    names, below = named(found.policy), [0] * len(found.weeks)
    for place in PLACES:
        counts = [week.hours.get(place, 0) for week in found.weeks]
        colour, hatch = HOURS[place]
        label = names[place].replace(" hours", "")
        axes.bar(
            range(len(counts)), counts, 0.7, below, label=label, color=colour, hatch=hatch, edgecolor="white", lw=1
        )
        for across, count in enumerate(counts):
            if count:
                box = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none"}
                axes.text(across, below[across] + count / 2, str(count), ha="center", va="center", fontsize=8, bbox=box)
        below = [one + other for one, other in zip(below, counts, strict=True)]
    _few(axes, [not total for total in below])
    axes.set_ylim(0, max(below, default=0) * 1.08 or 1)
    if not any(below):
        axes.set_yticks([])
    axes.set_ylabel("students", fontsize=8)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=3, frameon=False, fontsize=8, handleheight=1.2)


def _moods(axes: "Axes", weeks: Sequence[WeekSums]) -> None:
    moods = [nan if week.mood is None else week.mood for week in weeks]
    axes.set_ylim(0.7, 5.4)
    axes.set_yticks(range(1, 6), ["1 hard", "2", "3", "4", "5 great"])
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.plot(range(len(moods)), moods, color=PLAIN, marker="o", linewidth=2)
    for across, mood in enumerate(moods):
        if not isnan(mood):
            axes.text(across, mood + 0.2, f"{mood:.1f}", ha="center", va="bottom", fontsize=8)
    _few(axes, [isnan(mood) for mood in moods])


def _obstacles(axes: "Axes", counted: Mapping[str, int]) -> None:
    names = list(counted)[::-1]
    counts = [counted[name] for name in names]
    axes.barh(range(len(names)), counts, 0.65, color=PLAIN)
    axes.set_yticks(range(len(names)), [""] * len(names))
    axes.set_xticks([])
    axes.set_xlim(0, max(counts, default=1) * 1.12)
    axes.set_ylim(-0.6, max(len(names), 3) - 0.2)
    for up, name in enumerate(names):
        label = f"{_short(name, OBSTACLE_MOST)} · {counts[up]}"
        box = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none"}
        axes.text(max(counts) * 0.015, up, label, va="center", fontsize=8, parse_math=False, bbox=box)
    if not names:
        axes.text(0.05, 1, "Named by fewer than five, not shown", fontsize=8, color="#555555")


def _answers(axes: "Axes", weeks: Sequence[WeekSums]) -> None:
    is_few = [week.answered < LEAST for week in weeks]
    shares = [0 if few else 100 * week.answered / week.asked for week, few in zip(weeks, is_few, strict=True)]
    axes.bar(range(len(weeks)), shares, 0.7, color=PLAIN)
    axes.set_ylim(0, 112)
    axes.set_yticks(range(0, 101, 25), [f"{share} %" for share in range(0, 101, 25)])
    for across, (week, share) in enumerate(zip(weeks, shares, strict=True)):
        if not is_few[across]:
            text = f"{week.answered}/{week.asked}"
            axes.text(across, share + 2, text, ha="center", va="bottom", fontsize=7 if len(weeks) > 8 else 8)
    _few(axes, is_few)


def _few(axes: "Axes", missing: Sequence[bool]) -> None:
    """Say where fewer than five answered, so that an empty place is not read as nothing."""
    for across, is_missing in enumerate(missing):
        if is_missing:
            place = axes.get_xaxis_transform()
            axes.text(across, 0.04, "few", ha="center", fontsize=7, color="#555555", transform=place)


def _bars(axes: "Axes", weeks: Sequence[WeekOfLevels]) -> None:
    parts = [(LEVELS[level], [week.counts.get(level, 0) for week in weeks]) for level in Level]
    parts += [(UNKNOWN, [week.unknown for week in weeks]), (LEFT, [week.left for week in weeks])]
    below = [0] * len(weeks)
    least = max(sum(week.counts.values()) + week.unknown + week.left for week in weeks) / 28 if weeks else 0
    for (name, colour, hatch, ink), counts in parts:
        if not any(counts):
            continue
        axes.bar(
            range(len(weeks)),
            counts,
            0.78,
            below,
            label=name,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=1,
        )
        for place, count in enumerate(counts):
            if count > least:
                box = {"boxstyle": "round,pad=0.12", "facecolor": colour, "edgecolor": "none"}
                middle = below[place] + count / 2
                axes.text(place, middle, str(count), ha="center", va="center", fontsize=8, color=ink, bbox=box)
        below = [one + other for one, other in zip(below, counts, strict=True)]


def _cells(axes: "Axes", grid: Grid) -> None:
    from matplotlib.colors import ListedColormap

    order = list(Cell)
    colours = ListedColormap([CELLS[cell][1] for cell in order])
    numbers = [[order.index(cell) for cell in row.cells] for row in grid.rows]
    if numbers and numbers[0]:
        axes.pcolormesh(numbers, cmap=colours, vmin=-0.5, vmax=len(order) - 0.5, edgecolors="white", linewidth=1.2)
    axes.set_axis_off()


def _marks(axes: "Axes", grid: Grid) -> None:
    places: dict[Cell, list[tuple[float, float]]] = {cell: [] for cell in Cell}
    for down, row in enumerate(grid.rows):
        for across, cell in enumerate(row.cells):
            places[cell].append((across + 0.5, down + 0.5))
    for cell, found in places.items():
        _, _, mark, ink = CELLS[cell]
        if mark and found:
            axes.scatter(
                [x for x, _ in found], [y for _, y in found], s=MARK, marker=_marker(mark), color=ink, linewidths=0
            )


def _marker(mark: str) -> Any:  # noqa: ANN401 - the library has no type for what it takes as a marker
    """Return a glyph as a marker: thousands of them are drawn at once, where texts are drawn one by one."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath
    from matplotlib.transforms import Affine2D

    path = TextPath((0, 0), mark, size=1, prop=FontProperties(family=FONT, weight="bold"))
    box = path.get_extents()
    return Affine2D().translate(-(box.x0 + box.x1) / 2, -(box.y0 + box.y1) / 2).transform_path(path)


def _names(axes: "Axes", grid: Grid) -> None:
    for down, row in enumerate(grid.rows):
        axes.text(-0.2, down + 0.5, _short(row.name, NAME_MOST), ha="right", va="center", fontsize=7.5)
    for across, slug in enumerate(grid.assignments):
        text = _short(slug, SLUG_MOST)
        for place, side in ((-0.25, "bottom"), (len(grid.rows) + 0.25, "top")):
            axes.text(across + 0.5, place, text, ha="center", va=side, rotation=90, fontsize=7.5)


def _bands(axes: "Axes", grid: Grid) -> None:
    """Part the students by how they stand, and what is due from what lies ahead."""
    columns = len(grid.assignments)
    for level, down, count in _stretches(grid.rows):
        name, colour, _, ink = LEVELS[level] if level is not None else UNKNOWN
        axes.add_patch(_box(columns + 0.25, down + 0.06, 0.55, count - 0.12, colour))
        if down:
            axes.plot([-6.2, columns + 2.9], [down, down], color="#444444", linewidth=0.8, clip_on=False)
        turned = count * CELL_HIGH > 0.9
        place = (columns + 0.53 if turned else columns + 1.0, down + count / 2)
        axes.text(
            *place,
            f"{name} · {count}",
            ha="center" if turned else "left",
            va="center",
            fontsize=7.5,
            rotation=90 if turned else 0,
            color=ink if turned else "black",
        )
    if 0 < grid.past < columns:
        axes.plot([grid.past] * 2, [-0.2, len(grid.rows)], color="black", linewidth=1.6, clip_on=False)


def _box(across: float, down: float, wide: float, high: float, colour: str) -> "Rectangle":
    from matplotlib.patches import Rectangle

    return Rectangle((across, down), wide, high, facecolor=colour, edgecolor="none", clip_on=False)


def _stretches(rows: Sequence[GridRow]) -> Iterator[tuple[Level | None, int, int]]:
    """Yield each level with the place of its first row and how many rows in a row have it."""
    down = 0
    for level, found in groupby(rows, key=lambda row: row.level):
        count = len(list(found))
        yield level, down, count
        down += count


def _top(figure: "Figure", grid: Grid, wide: float, high: float) -> None:
    """Write what it is and what the marks mean, above the grid."""
    shown = (
        f"{len(grid.rows)} students" if len(grid.rows) == grid.total else f"{len(grid.rows)} of {grid.total} students"
    )
    title = f"Who did what, {grid.on.day} {grid.on:%B %Y}: {shown}, most concern first"
    figure.text(0.2 / wide, 1 - 0.22 / high, title, fontsize=12, fontweight="bold", va="center")
    axes = figure.add_axes((0.2 / wide, 1 - 0.62 / high, 1 - 0.4 / wide, 0.25 / high))
    axes.set(xlim=(0, wide - 0.4), ylim=(0, 1))
    axes.set_axis_off()
    across = 0.0
    for name, colour, mark, ink in (CELLS[cell] for cell in Cell if CELLS[cell][0]):
        axes.add_patch(_box(across, 0.1, 0.22, 0.8, colour))
        if mark:
            axes.scatter([across + 0.11], [0.5], s=MARK, marker=_marker(mark), color=ink, linewidths=0)
        axes.text(across + 0.28, 0.5, name, va="center", fontsize=8)
        across += 0.45 + 0.068 * len(name)
    axes.plot([across + 0.05] * 2, [0, 1], color="black", linewidth=1.6)
    axes.text(across + 0.13, 0.5, "now", va="center", fontsize=8)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _figure(wide: float, high: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(wide, high), dpi=DPI, facecolor="white")


def _png(figure: "Figure") -> bytes:
    from matplotlib import rc_context

    out = BytesIO()
    with rc_context({"font.family": FONT, "hatch.linewidth": 0.6}):
        figure.savefig(out, format="png")
    return out.getvalue()
