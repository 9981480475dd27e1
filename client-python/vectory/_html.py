"""What a notebook shows of our objects: tables and small pictures, without a script or a style sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Give an HTML table; every text is escaped."""
    import html

    tell = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{tell}</tr></thead><tbody>{body}</tbody></table>"


def text_table(rows: Sequence[Sequence[str]]) -> str:
    """Give rows as aligned columns, the first row being the head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def number(value: float | None) -> str:
    """Four decimals, or a dash for what is not there."""
    return "–" if value is None else f"{value:.4f}"


def bars(counts: Sequence[int], label: str) -> str:
    """Give a histogram of ten bins on [0, 1] as an SVG."""
    width, height, top = 26, 80, max([*counts, 1])
    drawn = "".join(
        f'<rect x="{i * width}" y="{height - height * n / top:.1f}" width="{width - 2}" '
        f'height="{height * n / top:.1f}" fill="currentColor" opacity="0.6">'
        f"<title>{i / 10:.1f} to {(i + 1) / 10:.1f}: {n} rows</title></rect>"
        for i, n in enumerate(counts)
    )
    ticks = "".join(
        f'<text x="{x * 10 * width}" y="{height + 14}" font-size="11" fill="currentColor" '
        f'text-anchor="{anchor}">{x:g}</text>'
        for x, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end"))
    )
    return _svg(10 * width, height + 18, drawn + ticks, label)


def line(values: Sequence[float | None], label: str) -> str:
    """Give values on [0, 1] along steps as an SVG line; None is a gap."""
    width, height = 260, 60
    across = width / max(1, len(values) - 1)
    points = [(i * across, height - height * v) for i, v in enumerate(values) if v is not None]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    drawn = f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    drawn += "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="currentColor"/>' for x, y in points)
    return _svg(width, height, drawn, label)


def _svg(width: float, height: float, inner: str, label: str) -> str:
    import html

    return (
        f'<svg role="img" aria-label="{html.escape(label, quote=True)}" width="{width}" height="{height}" '
        f'viewBox="-3 -3 {width + 6} {height + 6}" xmlns="http://www.w3.org/2000/svg">{inner}</svg>'
    )
