"""How a scenario file is read field by field: nothing stops at the first fault, every fault knows its place.

Pydantic walks the fields; every leaf is parsed here from its own text, so nothing is ever coerced.  A field
that cannot be read becomes BAD, which raises Hole on any use: whatever depends on it is left out, the rest is
checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, NoReturn, get_args

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, PrivateAttr
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from supportsim.scenario.errors import Faults, nearest
from supportsim.scenario.nodes import Map, Node, Path_, Seq, Text, described, dotted
from supportsim.scenario.units import Wrong, service_level

JsonSchema = dict[str, Any]


class Hole(Exception):  # noqa: N818 - reads as it is used
    """A value that could not be read was needed."""


class _Bad:
    """Stands where a value could not be read; any use raises Hole."""

    def _hole(self, *_: object) -> NoReturn:
        raise Hole

    __getattr__ = __bool__ = __iter__ = __len__ = __getitem__ = __contains__ = __call__ = _hole
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = _hole
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _hole
    __pow__ = __rpow__ = __mod__ = __rmod__ = __neg__ = __abs__ = __float__ = __int__ = __index__ = _hole

    def __repr__(self) -> str:
        return "BAD"


BAD: Any = _Bad()


def solid(value: Any) -> Any:
    """The value; Hole if it, or a field of a dataclass, could not be read."""
    parts = [getattr(value, each.name) for each in fields(value)] if is_dataclass(value) else []
    if value is BAD or any(part is BAD for part in parts):
        raise Hole
    return value


def filled(value: Any, default: Any) -> Any:
    """The value, or the default where none is written; BAD stays BAD and is passed on to who needs it."""
    return default if value is None else value


@dataclass
class Reading:
    """What is known while a tree is read: the faults so far, and the path of every node.

    files: what CSV files held, where several scenarios are made of one; None reads every file anew.
    """

    faults: Faults = field(default_factory=Faults)
    files: dict[Any, Any] | None = None
    paths: dict[int, Path_] = field(default_factory=dict)
    kept: list[Node] = field(default_factory=list)  # keeps the nodes alive, so that ids stay theirs

    def register(self, node: Node, path: Path_ = ()) -> None:
        """Remember where each node of a tree hangs."""
        self.paths[id(node)] = path
        self.kept.append(node)
        if isinstance(node, Map):
            for key, value in node.items():
                self.register(value, (*path, str(key)))
        elif isinstance(node, Seq):
            for place, value in enumerate(node):
                self.register(value, (*path, place))

    def part(self, word: str, whole: Text) -> Text:
        """A piece of a text, with the place and path of the whole."""
        text = Text(word, whole.place, whole.plain)
        self.paths[id(text)] = self.path(whole)
        self.kept.append(text)
        return text

    def path(self, node: Node) -> Path_:
        """The path of a node of the tree."""
        return self.paths.get(id(node), ())

    def wrong(self, node: Node, expected: str, hint: str = "", got: str | None = None, key: str = "") -> None:
        """Note a fault of a node (or of the key `key` in it), unless it is a hole."""
        if node.hole:
            return
        path = self.path(node) + ((key,) if key else ())
        place = node.place
        got = described(node) if got is None else got
        if isinstance(node, Text) and node.tight:
            hint = "decimal comma? numbers have a decimal point"
        self.faults.add(place.file, place.line, place.col, dotted(path), got, expected, hint)

    def wrong_key(self, key: str, parent: Map, expected: str, hint: str = "") -> None:
        """Note a fault of a key of a mapping, unless it is a hole."""
        if isinstance(key, Text) and key.hole:
            return
        place = key.place if isinstance(key, Text) else parent.place
        path = dotted((*self.path(parent), str(key)))
        self.faults.add(place.file, place.line, place.col, path, str(key), expected, hint)

    def unknown(self, key: Text, parent: Map, known: Mapping[str, object]) -> None:
        """Note a key that nobody knows."""
        value = parent[key]
        promise = service_level(value) if isinstance(value, Text) else ""
        if promise:
            parent.hole = parent.hole or "share" in known  # what else is missing there is meant by it
            self.wrong_key(key, parent, "a key known here", f"a promise is written {promise}")
            return
        what = "a key known here" if known else "no further keys"
        self.wrong_key(key, parent, what, nearest(key, known))


Read = Callable[[Node, Reading], Any]


@dataclass(frozen=True, eq=False)
class Leaf:
    """A field read by a function of (node, reading); `schema` is its JSON Schema."""

    read: Read
    schema: JsonSchema

    def core_schema(self) -> CoreSchema:
        """A validator of pydantic that calls `read`."""

        def run(node: Any, info: Any) -> Any:
            unknown = node is BAD or (isinstance(node, Text) and node.hole)
            return BAD if unknown else self.read(node, info.context)

        return core_schema.with_info_plain_validator_function(run)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return self.core_schema()

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return dict(self.schema)


def text(parse: Callable[[str], Any], schema: JsonSchema, rule: str = "") -> Leaf:
    """A leaf parsed from one text; Wrong becomes a fault."""
    return Leaf(lambda node, reading: parse_text(node, reading, parse, rule), schema)


def parse_text(node: Node, reading: Reading, parse: Callable[[str], Any], rule: str = "") -> Any:
    """The parsed text of a node, or BAD and a fault (none for a hole)."""
    if isinstance(node, Text) and node.hole:
        return BAD
    if not isinstance(node, Text):
        reading.wrong(node, rule or _rule_of(parse), "not a mapping" if isinstance(node, Map) else "not a list")
        return BAD
    try:
        if node == "" or (node in ("null", "~") and node.plain):
            raise Wrong(_rule_of(parse), "nothing is written here: leave the key out or give it a value")
        return parse(str(node))
    except Wrong as wrong:
        reading.wrong(node, wrong.expected, wrong.hint)
        return BAD


def _rule_of(parse: Callable[[str], Any]) -> str:
    try:
        parse("\0")
    except Wrong as wrong:
        return wrong.expected
    return "a value"


def choice(values: Mapping[str, Any]) -> Leaf:
    """One of a short closed list of words or phrases."""

    def parse(word: str) -> Any:
        if word in values:
            return values[word]
        near = nearest(word, values)
        raise Wrong("one of: " + " | ".join(values), near if near.startswith("did") else "")

    return text(parse, {"enum": list(values)})


def keyed(read: Read, schema: JsonSchema, check: Callable[[str], object], pattern: str) -> Leaf:
    """A mapping whose keys pass `check` (names, selectors) and whose values are read by `read`."""

    def run(node: Node, reading: Reading) -> Any:
        if not isinstance(node, Map):
            reading.wrong(node, "a mapping, name: value", "write {} for none" if node == "" else "")
            return BAD
        refuse_factor(node, reading)
        for key in node:
            try:
                check(key)
            except Wrong as wrong:
                reading.wrong_key(key, node, wrong.expected, wrong.hint)
        return {str(key): read(value, reading) for key, value in node.items()}

    whole = {"type": "object", "propertyNames": {"pattern": pattern}, "additionalProperties": schema}
    return Leaf(run, whole)


def many(item: Leaf, rule: str, single: bool = True) -> Leaf:
    """A list; where `single`, one value may stand without brackets."""

    def run(node: Node, reading: Reading) -> Any:
        if isinstance(node, Seq):
            return [item.read(each, reading) for each in node]
        if single and isinstance(node, Text) and node != "":
            return [item.read(node, reading)]
        reading.wrong(node, rule)
        return BAD

    schema: JsonSchema = {"type": "array", "items": item.schema}
    return Leaf(run, {"anyOf": [item.schema, schema]} if single else schema)


def sub(model: type[Entry]) -> Leaf:
    """One entry of a model."""
    return Leaf(model.read, {REF: model.__name__})


def entries(model: type[Entry], check: Callable[[str], object], pattern: str) -> Leaf:
    """A mapping of entries of a model."""
    return keyed(model.read, {REF: model.__name__}, check, pattern)


REF = "x-ref"  # stands for a reference until the JSON Schema is put together


class Entry(BaseModel):
    """One mapping with known keys.  Missing and unknown keys are faults, and reading goes on."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True, populate_by_name=True
    )
    _node: Map = PrivateAttr()
    _reading: Reading = PrivateAttr()

    @classmethod
    def short(cls, node: Text, reading: Reading) -> Any:
        """Read the short form written as one text; by default there is none."""
        hint = "write {} for an entry without keys" if node == "" else ""
        reading.wrong(node, "a mapping with the keys " + ", ".join(cls.keys()), hint)
        return BAD

    @classmethod
    def short_schema(cls) -> JsonSchema | None:
        """JSON Schema of the short form."""
        return None

    @classmethod
    def read(cls, node: Any, reading: Reading) -> Any:
        """Read one entry; BAD and faults if the node is none."""
        if isinstance(node, Text):
            return cls.short(node, reading)
        if not isinstance(node, Map):
            reading.wrong(node, "a mapping with the keys " + ", ".join(cls.keys()))
            return BAD
        cls.multiplied(node, reading)
        entry = _validator(cls).validate_python(cls._known(node, reading), context=reading)
        entry._node, entry._reading = node, reading
        return entry.checked()

    @classmethod
    def multiplied(cls, node: Map, reading: Reading) -> None:
        """Called with every mapping, to refuse `x 1.6` upon those that cannot be multiplied."""
        refuse_factor(node, reading)

    @classmethod
    def keys(cls) -> dict[str, str]:
        """The keys as written -> the names of their fields: `from` is no name in Python, its field has an alias."""
        return {field.alias or name: name for name, field in cls.model_fields.items()}

    @classmethod
    def _known(cls, node: Map, reading: Reading) -> dict[str, Any]:
        keys = cls.keys()
        data: dict[str, Any] = {}
        for key, value in node.items():
            if key in keys:
                data[keys[key]] = value
            else:
                reading.unknown(key, node, keys)  # type: ignore[arg-type]
        for key, name in keys.items():
            known = cls.model_fields[name]
            if known.is_required() and name not in data:
                reading.wrong(node, f"the key {key}", known.description or "", got="nothing", key=key)
                data[name] = BAD
        return data

    def checked(self) -> Any:
        """Called once read: checks inside one entry.  Returns self, or what it stands for."""
        return self

    def node(self, key: str = "") -> Node:
        """The node of a key, or of the whole entry where the key is not written."""
        return self._node.get(key, self._node)

    def wrong(self, key: str, expected: str, hint: str = "", got: str | None = None) -> None:
        """Note a fault of this entry."""
        written = not key or key in self._node
        got = got if got is not None else None if written else "nothing"
        self._reading.wrong(self.node(key), expected, hint, got, "" if written else key)


_VALIDATORS: dict[type[Entry], SchemaValidator] = {}


def _validator(model: type[Entry]) -> SchemaValidator:
    """The validator of a model, built when first needed and from its leaves alone.

    It is what pydantic itself would build, without its schema generator and search for plugins, which would
    take longer than reading a scenario does.
    """
    if model not in _VALIDATORS:
        known = {key: _field(each) for key, each in model.model_fields.items()}
        inner = core_schema.model_fields_schema(known, model_name=model.__name__, extra_behavior="forbid")
        whole = core_schema.model_schema(model, inner, post_init="model_post_init", frozen=True)
        _VALIDATORS[model] = SchemaValidator(whole)
    return _VALIDATORS[model]


def _field(each: FieldInfo) -> core_schema.ModelField:
    """One field: its leaf, and its default if it may be left out."""
    optional = (part for branch in get_args(each.annotation) for part in getattr(branch, "__metadata__", ()))
    leaf = next(part for part in (*each.metadata, *optional) if isinstance(part, Leaf))
    schema = leaf.core_schema()
    if not each.is_required():
        factory: Any = each.default_factory
        schema = (
            core_schema.with_default_schema(schema, default=each.default)
            if factory is None
            else core_schema.with_default_schema(schema, default_factory=factory)
        )
    return core_schema.model_field(schema)


def refuse_factor(node: Map, reading: Reading) -> None:
    """Note a fault if a mapping that is no law and no rate was multiplied."""
    if node.factor != 1.0:
        reading.wrong(node, "something with a number in it", f"x {node.factor:g} multiplies numbers and laws only")
