"""Who goes first when several things happen at one tick (docs/model.md, at the same instant).

An appointment stands at (tick, order); order is a rank, above 56 bits that say whose turn it is within the rank.
All ranks lie above SimPy's own priorities 0 and 1, so the consequences of one event are over before the next.
"""

WORLD, SHIFT_ENDS, BREAK_DUE, WORK_ENDS, SHIFT_BEGINS, BREAK_ENDS = (rank + 1 << 56 for rank in range(6))
DELAY_PASSES, RETURNS, GIVES_UP, ARISES = (rank + 1 << 56 for rank in (6, 7, 8, 11))
LIMIT_PASSES = DELAY_PASSES | 1 << 40
OPENS = 1 << 40  # at one tick channels close before others open
AT_ONCE = 0
# Of one agent at one tick: he comes back from an activity, goes to another, begins his shift.
FROM_ACTIVITY, TO_ACTIVITY, TO_WORK = 0, 1, 2
