"""What leave costs: the same formula for what was played and for what `check` expects."""

from __future__ import annotations


def with_leave(share: float) -> float:
    """Hours on the payroll per paid hour on the roster, if `share` of the payroll's hours are leave: 1 / (1 - share).

    Raises ValueError for a share of 1 or more: then nobody would ever be on the roster.
    """
    if not 0 <= share < 1:
        raise ValueError(f"leave of {share:.6g} of all hours: must be 0 or more and less than 1")
    return 1 / (1 - share)
