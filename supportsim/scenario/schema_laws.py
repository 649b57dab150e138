"""Laws of duration as a file may state them, turned into the resolved Law."""

import math
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from supportsim.scenario import units
from supportsim.scenario.frozen import frozen
from supportsim.scenario.laws import mean, span
from supportsim.scenario.model import NEVER_LAW, Law
from supportsim.scenario.nodes import Map, Node, Text
from supportsim.scenario.schema_base import (
    BAD,
    REF,
    Entry,
    JsonSchema,
    Leaf,
    Read,
    Reading,
    many,
    parse_text,
    sub,
    text,
)
from supportsim.scenario.schema_fields import (
    DURATION,
    FACTOR,
    SHARE,
    CountFromOne,
    FileName,
    Positive,
    PositiveTicks,
    Share,
    Ticks,
)
from supportsim.scenario.ticks import WORK_LIMIT
from supportsim.scenario.units import Wrong

FROM_FORECAST = "from forecast"
Z95 = 1.6448536269514722  # 95 % quantile of the standard normal distribution
LARGEST_CV = 100.0
MOST_WORK = "work of at most 100 days on average"


@frozen
class Multiply:
    """`x 1.2`: multiplies what a law (or a share) would have been."""

    factor: float


_LAW_REF: JsonSchema = {REF: "LawBox"}


def law_reader(never: bool = False, forecast: bool = False, work: bool = False, part: bool = False) -> Read:
    """A reader of laws; `never` and `forecast` say whether these may be meant.

    `work`: it is one of work, which may not be 0; `part`: of a part of it, which may.
    """

    def read(node: Node, reading: Reading) -> Any:
        law = LawBox.read(node, reading)
        if law is BAD:
            return BAD
        if law.kind == "never" and not never:
            reading.wrong(node, "a duration or a law", "only patience may be never")
        elif law.from_forecast and not forecast:
            reading.wrong(node, "a law of its own", "from forecast is for handle_time and talk_time")
        elif work and law.kind == "constant" and not 0 < law.values[0] <= WORK_LIMIT:
            reading.wrong(node, "a duration above 0 and at most 100 days")
        elif (work or part) and _average(law) > WORK_LIMIT:
            reading.wrong(node, MOST_WORK, "one piece of work lasts no longer", got=span(_average(law)))
        else:
            return law
        return BAD

    return read


def _average(law: Law) -> float:
    """The mean in ticks, 0 where it comes from a forecast."""
    return 0.0 if law.from_forecast else mean(law)


LawField = Annotated[Any, Leaf(law_reader(), _LAW_REF)]


def _mean(words: str) -> Any:
    return FROM_FORECAST if words == FROM_FORECAST else units.positive_duration(words)


MEAN: JsonSchema = {"anyOf": [DURATION, {"const": FROM_FORECAST}]}
Mean = Annotated[Any, text(_mean, MEAN)]


class LawBody(Entry):
    """The numbers of one law."""

    def law(self) -> Any:
        """The resolved law, or BAD and a fault."""
        raise NotImplementedError

    def scaled(self, mean: Any, kind: Any, *rest: float) -> Law:
        """A law of a mean, or of mean 1 tick where the mean comes from the forecast."""
        if mean == FROM_FORECAST:
            return Law(kind, (1.0, *rest), from_forecast=True)
        return Law(kind, (float(mean), *rest))

    def refuse(self, key: str, expected: str, hint: str = "") -> Any:
        """Note a fault and return BAD."""
        self.wrong(key, expected, hint)
        return BAD


class Uniform(LawBody):
    low: Ticks
    high: PositiveTicks

    def law(self) -> Any:
        if self.low >= self.high:
            return self.refuse("high", "high above low")
        return Law("uniform", (float(self.low), float(self.high)))


class Triangular(LawBody):
    low: Ticks
    mode: Ticks
    high: PositiveTicks

    def law(self) -> Any:
        if not self.low <= self.mode <= self.high or self.low == self.high:
            return self.refuse("mode", "low <= mode <= high, low below high")
        return Law("triangular", (float(self.low), float(self.mode), float(self.high)))


class Exponential(LawBody):
    mean: Mean

    def law(self) -> Any:
        return self.scaled(self.mean, "exponential")


class Lognormal(LawBody):
    mean: Mean = None
    median: PositiveTicks | None = None
    cv: Positive | None = None
    p95: PositiveTicks | None = None

    def law(self) -> Any:
        given = [key for key in ("mean", "median", "cv", "p95") if getattr(self, key) is not None]
        if len(given) != 2:
            named = " and ".join(given) or "none"
            return self.refuse("", "two of mean, median, cv, p95", f"{named} given")
        if self.mean == FROM_FORECAST:
            if self.cv is None:
                return self.refuse("mean", "mean: from forecast together with cv")
            return self._checked(FROM_FORECAST, self.cv)
        mean, cv = self._mean_and_cv()
        return BAD if mean is BAD else self._checked(mean, cv)

    def _mean_and_cv(self) -> tuple[Any, float]:
        """Mean and cv from any two; sigma is the smaller solution where mean and p95 allow two."""
        mean, median, cv, p95 = self.mean, self.median, self.cv, self.p95
        if cv is not None:
            sigma = math.sqrt(math.log1p(cv * cv))
        elif mean is not None and median is not None:
            if mean <= median:
                return self.refuse("mean", "a mean above the median"), 0.0
            sigma = math.sqrt(2 * math.log(mean / median))
        elif median is not None and p95 is not None:
            if p95 <= median:
                return self.refuse("p95", "a p95 above the median"), 0.0
            sigma = math.log(p95 / median) / Z95
        else:
            assert mean is not None
            assert p95 is not None
            rest = Z95 * Z95 - 2 * math.log(p95 / mean)
            if p95 <= mean or rest < 0:
                return self.refuse("p95", "a p95 between the mean and 3.8 times the mean"), 0.0
            sigma = Z95 - math.sqrt(rest)
        if mean is None:
            middle = math.log(median) if median is not None else math.log(p95 or 1) - Z95 * sigma
            mean = math.exp(min(middle + sigma * sigma / 2, 700))
        return float(mean), cv if cv is not None else math.sqrt(math.expm1(min(sigma * sigma, 700)))

    def _checked(self, mean: Any, cv: float) -> Any:
        if cv > LARGEST_CV:
            return self.refuse("cv" if self.cv is not None else "", f"a cv of at most {LARGEST_CV:g}")
        return self.scaled(mean, "lognormal", cv)


class Weibull(LawBody):
    mean: Mean
    shape: Positive

    def law(self) -> Any:
        if not 0.1 <= self.shape <= 100:
            return self.refuse("shape", "a shape between 0.1 and 100")
        return self.scaled(self.mean, "weibull", self.shape)


class Gamma(LawBody):
    mean: Mean
    shape: Positive | None = None
    cv: Positive | None = None

    def law(self) -> Any:
        if (self.shape is None) == (self.cv is None):
            return self.refuse("", "one of shape and cv")
        shape = self.shape if self.shape is not None else 1 / (self.cv or 1.0) ** 2
        if not 0.01 <= shape <= 1e6:
            return self.refuse("shape" if self.cv is None else "cv", "a shape between 0.01 and 1e6 (cv 0.001 to 10)")
        return self.scaled(self.mean, "gamma", shape)


class Erlang(LawBody):
    mean: Mean
    stages: CountFromOne

    def law(self) -> Any:
        if self.stages > 1000:
            return self.refuse("stages", "at most 1000 stages")
        return self.scaled(self.mean, "erlang", float(self.stages))


class Empirical(LawBody):
    values: Annotated[list[int] | None, many(text(units.duration, DURATION), "a list of durations", False)] = None
    curve: FileName | None = None
    tail_mean: PositiveTicks | None = None

    def law(self) -> Any:
        if (self.values is None) == (self.curve is None):
            return self.refuse("", "one of values and curve")
        if self.curve is not None:
            from supportsim.scenario.resolve_files import read_curve

            return read_curve(self.curve, self._reading, self.tail_mean)
        assert self.values is not None
        values = sorted(float(each) for each in self.values)
        if len(values) < 2:
            return self.refuse("values", "two values or more", "one value is a plain duration")
        if self.tail_mean is not None:
            return self.refuse("tail_mean", "no tail_mean beside values", "it belongs to a curve that ends above 0")
        shares = tuple(i / (len(values) - 1) for i in range(len(values)))
        return Law("empirical", tuple(values), shares)


class Part(Entry):
    share: Share
    law: LawField


class Mixture(LawBody):
    parts: Annotated[list[Part], many(sub(Part), "a list of {share: 30%, law: …}", False)]

    def law(self) -> Any:
        if len(self.parts) < 2:
            return self.refuse("parts", "two parts or more")
        laws = tuple(part.law for part in self.parts)
        shares = tuple(part.share for part in self.parts)
        if any(law is BAD for law in laws) or any(share is BAD for share in shares):
            return BAD
        if abs(sum(shares) - 1) > 1e-9:
            return self.refuse("parts", "shares that add up to 100%", f"they add up to {percent(sum(shares))}")
        if len({law.from_forecast for law in laws}) > 1:
            return self.refuse("parts", "mean: from forecast in all parts or in none")
        forecast = laws[0].from_forecast
        parts = tuple(replace(law, from_forecast=False) for law in laws)
        return Law("mixture", (), shares, parts, from_forecast=forecast)


def percent(value: float) -> str:
    """A share as planners write it."""
    return f"{value * 100:.10g}%"


class LawBox(Entry):
    """One law by name, with what may stand beside any of them."""

    uniform: Annotated[Uniform | None, sub(Uniform)] = None
    triangular: Annotated[Triangular | None, sub(Triangular)] = None
    exponential: Annotated[Exponential | None, sub(Exponential)] = None
    lognormal: Annotated[Lognormal | None, sub(Lognormal)] = None
    weibull: Annotated[Weibull | None, sub(Weibull)] = None
    gamma: Annotated[Gamma | None, sub(Gamma)] = None
    erlang: Annotated[Erlang | None, sub(Erlang)] = None
    empirical: Annotated[Empirical | None, sub(Empirical)] = None
    mixture: Annotated[Mixture | None, sub(Mixture)] = None
    at_zero: Share | None = None
    leave_at_once: Share | None = None
    at_least: Ticks | None = None
    at_most: PositiveTicks | None = None

    BESIDE: ClassVar[tuple[str, ...]] = ("at_zero", "leave_at_once", "at_least", "at_most")

    @classmethod
    def multiplied(cls, node: Map, reading: Reading) -> None:
        """Laws may be multiplied."""

    @classmethod
    def short(cls, node: Text, reading: Reading) -> Any:
        ticks = parse_text(node, reading, _constant)
        return BAD if ticks is BAD else NEVER_LAW if ticks is None else Law("constant", (float(ticks),))

    @classmethod
    def short_schema(cls) -> JsonSchema:
        return {"anyOf": [DURATION, {"const": "never"}]}

    def checked(self) -> Any:
        bodies = [getattr(self, key) for key in LAWS if key in self._node]
        if len(bodies) != 1:
            given = " and ".join(key for key in LAWS if key in self._node) or "none"
            self.wrong("", "exactly one law: " + ", ".join(LAWS), f"{given} given")
            return BAD
        law = BAD if bodies[0] is BAD else quietly(bodies[0].law)
        if any(getattr(self, key) is BAD for key in self.BESIDE) or law is BAD:
            return BAD
        return self._beside(law)

    def _beside(self, law: Law) -> Any:
        if self.at_zero is not None and self.leave_at_once is not None:
            self.wrong("leave_at_once", "one of at_zero and leave_at_once", "they mean the same")
            return BAD
        least, most = self.at_least or 0, self.at_most
        if most is not None and least > most:
            self.wrong("at_most", "at_most above at_least")
            return BAD
        return replace(
            law,
            at_zero=self.at_zero or self.leave_at_once or 0.0,
            at_least=float(least),
            at_most=None if most is None else float(most),
            factor=law.factor * self._node.factor,
        )


def quietly(law: Any) -> Any:
    """The law, or BAD where a number of it could not be read."""
    from supportsim.scenario.schema_base import Hole

    try:
        return law()
    except Hole:
        return BAD


LAWS = tuple(key for key in LawBox.model_fields if key not in LawBox.BESIDE)


def _constant(words: str) -> int | None:
    if words == "never":
        return None
    try:
        return units.duration(words)
    except Wrong as wrong:
        raise Wrong("a duration, as 6.5 min, or a law, as {lognormal: {mean: 6.5 min, cv: 0.9}}", wrong.hint) from None


def _scaling(read: Any) -> Any:
    """A field that takes a value or `x 1.2`."""

    def run(node: Node, reading: Reading) -> Any:
        if isinstance(node, Text):
            try:
                value = units.factor_or_none(node)
            except Wrong as wrong:
                reading.wrong(node, wrong.expected, wrong.hint)
                return BAD
            if value is not None:
                return Multiply(float(value))
        return read(node, reading)

    return run


def _law_or_share(node: Node, reading: Reading) -> Any:
    """`wrap_up`: a share (a float) of the handle time, or a law of its own."""
    if isinstance(node, Text) and node.rstrip().endswith("%"):
        return parse_text(node, reading, units.share)
    if isinstance(node, Text):
        return _share_or_constant(node, reading)
    return law_reader(part=True)(node, reading)


def _share_or_constant(node: Text, reading: Reading) -> Any:
    rule = "a share of the handle time, as 20%, or a duration or law, as 1 min"

    def parse(words: str) -> Law:
        try:
            ticks = units.duration(words)
        except Wrong as wrong:
            raise Wrong(rule, wrong.hint) from None
        if ticks > WORK_LIMIT:
            raise Wrong(MOST_WORK, "one piece of work lasts no longer")
        return Law("constant", (float(ticks),))

    return parse_text(node, reading, parse)


def _share(node: Node, reading: Reading) -> Any:
    return parse_text(node, reading, units.share)


Patience = Annotated[Any, Leaf(law_reader(never=True), _LAW_REF)]
ScaledPatience = Annotated[Any, Leaf(_scaling(law_reader(never=True)), {"anyOf": [_LAW_REF, FACTOR]})]
WorkLaw = Annotated[Any, Leaf(law_reader(forecast=True, work=True), _LAW_REF)]
ScaledWork = Annotated[Any, Leaf(_scaling(law_reader(forecast=True, work=True)), {"anyOf": [_LAW_REF, FACTOR]})]
WrapUp = Annotated[Any, Leaf(_law_or_share, {"anyOf": [SHARE, _LAW_REF]})]
ScaledShare = Annotated[Any, Leaf(_scaling(_share), {"anyOf": [SHARE, FACTOR]})]
