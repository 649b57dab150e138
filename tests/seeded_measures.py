"""Faults of what is measured: the journal stays as it is, a test that knows another way must notice."""

from __future__ import annotations

from seeded_bug import Bug

_CROWDING = ("measure/test_crowding.py", "measure/test_crowding_naive.py")
_EARNED = ("measure/test_earned.py", "study/test_contribution.py")
_EXPERIENCE = ("measure/test_experience.py",)

#: In what is measured: who waits for whom, what is earned, who is expected to leave.
OF_THE_MEASURES = (
    Bug(
        "who is on a break is open to work",
        "crowding_sweep.py",
        'int(presence[row]["what"] == _AVAILABLE)',
        "1",
        "measure",
        _CROWDING,
    ),
    Bug(
        "nobody waits because of filler",
        "crowding_sweep.py",
        "A.numbers[0] if is_filler else A.segment[queue]",
        "A.segment[queue]",
        "measure",
        _CROWDING,
    ),
    Bug(
        "whom a reservation keeps off has nobody",
        "crowding_desk.py",
        "        return RESERVATION\n",
        "        return NOBODY\n",
        "measure",
        _CROWDING,
    ),
    Bug(
        "a contact that waits twice waited twice",
        "crowding_sweep.py",
        '            waited[touch["contact"]] = 1\n',
        "",
        "measure",
        _CROWDING,
    ),
    Bug(
        "who joins is there a month early",
        "customers.py",
        "np.arange(1, many + 1)",
        "np.arange(many)",
        "demand",
        _EARNED,
    ),
    Bug(
        "a plan is everybody's whose price is asked",
        "earned.py",
        'side="right")',
        'side="right") * 0',
        "measure",
        _EARNED,
    ),
    Bug(
        "prices of plans are in no contribution",
        "earned_rows.py",
        "plain(margin + price - cost)",
        "plain(margin - cost)",
        "measure",
        _EARNED,
    ),
    Bug(
        "a segment that nothing is known of earns nothing",
        "contribution.py",
        "    return sum(known) if len(known) == len(amounts) else None",
        "    return sum(known)",
        "study",
        _EARNED,
    ),
    Bug(
        "an experience lasts a tick too long",
        "closings.py",
        "at - ended[row] < lasts[kind]",
        "at - ended[row] <= lasts[kind]",
        "measure",
        _EXPERIENCE,
    ),
    Bug(
        "nothing keeps the surest from leaving",
        "closings.py",
        "min(1.0 / (1.0 + math.exp(-at)), cap)",
        "1.0 / (1.0 + math.exp(-at))",
        "measure",
        _EXPERIENCE,
    ),
    Bug(
        "what others did before is charged again",
        "closings.py",
        "change = _leaving(logit, after, cap) - _leaving(logit, before, cap)",
        "change = _leaving(logit, after, cap) - _leaving(logit, 0.0, cap)",
        "measure",
        _EXPERIENCE,
    ),
    Bug(
        "a promise is broken by whoever its formula leaves out",
        "booking_experience.py",
        "mine[BROKEN] += int(judged and is_late",
        "mine[BROKEN] += int(is_late",
        "measure",
        _EXPERIENCE,
    ),
    Bug(
        "a reply that is open has broken no promise",
        "booking_experience.py",
        "end if seen[3] == 1 else seen[2]",
        "seen[2]",
        "measure",
        _EXPERIENCE,
    ),
)
