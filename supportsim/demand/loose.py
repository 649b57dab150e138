"""Rules that are a part of something larger: compiled once, with what calls them.

Numba makes a library of each function: whatever the function calls is linked in and optimised again, and machine code
is made of the result, although nobody enters there.  Three quarters of the time of compiling went into that.  Here a
rule stays loose, as it was lowered; only what Python enters (`whole`) links all that it reaches, once, and optimises it
as one.  A rule is not even lowered before something whole asks for it: what comes from the cache needs no rules.

All of this is private to Numba, and stands in this file alone.  Where it is gone or does something else (`works`),
`compiling` makes of each function what Numba makes of it: the same results, after twice the time.
"""

# mypy: disable-error-code="no-untyped-call,attr-defined,no-any-return"
# (what Numba keeps to itself states no types)

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from types import ModuleType
from typing import Any

import numba
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler, PassManager
from numba.core.dispatcher import Dispatcher
from numba.core.environment import lookup_environment
from numba.core.registry import CPUDispatcher

#: Passes over what rules do not have: closures, `with`, Python's literals as types, overloads to be inlined, parfors,
#: branches on what is known beforehand.  A rule that had one would not compile, or be slower; none would do otherwise.
FOR_OTHERS = frozenset({
    "WithLifting", "InlineClosureLikes", "RewriteSemanticConstants", "DeadBranchPrune", "RewriteDynamicRaises",
    "MakeFunctionToJitFunction", "FindLiterallyCalls", "LiteralUnroll", "LiteralPropagationSubPipelinePass",
    "InlineOverloads", "DumpParforDiagnostics",
})  # fmt: skip


class _Nowhere:
    """Takes environments of functions that have no place in memory."""

    def set_env(self, name: str, environment: Any) -> None:
        pass


class LooseLibrary(JITCodeLibrary):
    """A function as it was lowered: neither linked nor optimised as a whole, and no machine code."""

    codegen = _Nowhere()

    def finalize(self) -> None:
        for function in self._final_module.functions:
            if _is_here(function, "external"):
                function.linkage = "linkonce_odr"
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        self._ensure_finalized()
        return 0


class RareLibrary(LooseLibrary):
    """The same of a rule that stays a function of its own, whoever calls it."""

    def finalize(self) -> None:
        for function in self._final_module.functions:
            if _is_here(function, "external"):
                function.add_function_attribute("noinline")
        super().finalize()


class WholeLibrary(JITCodeLibrary):
    """What Python enters, with all that it reaches."""

    def finalize(self) -> None:
        self._linking_libraries = _reached(self._linking_libraries)
        super().finalize()

    def _optimize_final_module(self) -> None:
        """Nobody else calls the rules in here: they need not keep to the conventions of calls.

        So nobody must find them: the linker of the process goes by names, even of what is internal.
        """
        own = next(f.name for f in self._final_module.functions if _is_here(f, "external"))
        for function in self._final_module.functions:
            if _is_here(function, "linkonce_odr"):
                function.linkage, function.name = "internal", f"{own}.{function.name}"
        super()._optimize_final_module()

    def _finalize_final_module(self) -> None:
        super()._finalize_final_module()
        for each in self._final_module.global_variables:
            environment = lookup_environment(each.name)
            if environment is not None:
                self._codegen.set_env(each.name, environment)


def _is_here(function: Any, linkage: str) -> bool:
    """Whether a module holds this function itself, and shows it to others in this way."""
    return not function.is_declaration and function.linkage.name == linkage


def _reached(libraries: Iterable[Any]) -> list[Any]:
    """These libraries and what loose ones call, and so on."""
    found: dict[Any, None] = {}
    waiting = list(libraries)
    while waiting:
        library = waiting.pop()
        if library not in found:
            found[library] = None
            if isinstance(library, LooseLibrary):
                waiting += library._linking_libraries
    return list(found)


def _into(kind: type[Any]) -> type[Any]:
    """A compiler that lowers functions into libraries of this kind."""

    class Into(Compiler):
        def __init__(self, typing: Any, target: Any, library: Any, *others: Any) -> None:
            library = library or kind(target.codegen(), kind.__name__)
            library.enable_object_caching()
            super().__init__(typing, target, library, *others)

        def define_pipelines(self) -> list[PassManager]:
            lean = PassManager("rules")
            usual = super().define_pipelines()[0].passes
            lean.passes = [each for each in usual if each[0].__name__ not in FOR_OTHERS]
            lean.finalize()
            return [lean]

    return Into


_LOOSE, _RARE, _WHOLE = _into(LooseLibrary), _into(RareLibrary), _into(WholeLibrary)


class Loose(CPUDispatcher):
    """A function for machine code to call, which says what it is lowered for; Python gets it as it is written."""

    def __call__(self, *arguments: Any) -> Any:
        return self.py_func(*arguments)


class Rule(Loose):
    """One of a stated signature, lowered when the first function that calls it is."""

    stated: Any = None
    number = 0  # in the order in which they are written: callers come after what they call
    numbers = count(1)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        if self._can_compile:
            for rule in sorted(_below(self, self.number, {self}), key=lambda rule: rule.number):
                rule.compile(rule.stated)
                rule.disable_compile()
        return super().get_call_template(args, kws)


def _below(function: Any, number: int, met: set[Any]) -> set[Rule]:
    """Rules to be lowered before a function can be, and itself: the compiler is not called from deep within itself."""
    found = {function} if isinstance(function, Rule) and function._can_compile else set()
    for each in _called(function.py_func):
        before = each.number if isinstance(each, Rule) else number
        if each not in met and (before < number or not isinstance(each, Rule)):
            met.add(each)
            found |= _below(each, before, met)
    return found


def _called(function: Any) -> list[Any]:
    """Compiled functions among the names in a function, and some more: what it misses, the compiler finds."""
    names = function.__code__.co_names
    found = [function.__globals__.get(name) for name in names]
    found += [vars(each).get(name) for each in found if isinstance(each, ModuleType) for name in names]
    return [each for each in found if isinstance(each, Dispatcher)]


def loose(signature: Any, settings: dict[str, Any], rare: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """A decorator: machine code calls this function, Python does not; `rare`: seldom."""
    into = _RARE if rare else _LOOSE

    def made(function: Callable[..., Any]) -> Loose:
        # Stated, since a rule that is lowered while an inlined one is being compiled would take over that one's word.
        options = {"nopython": True, "boundscheck": None, "forceinline": False, **settings}
        if signature is None:
            return Loose(function, targetoptions=options, pipeline_class=into)
        rule = Rule(function, targetoptions=options, pipeline_class=into)
        rule.stated, rule.number = signature, next(Rule.numbers)
        return rule

    return made


def whole(signature: Any, settings: dict[str, Any]) -> Callable[[Callable[..., Any]], Any]:
    """A decorator: Python enters here, and rules are linked into it."""
    made: Callable[[Callable[..., Any]], Any] = numba.njit(signature, pipeline_class=_WHOLE, **settings)
    return made


def works() -> bool:
    """Whether Numba still lets us, tried on what rules are made of but tables, in less than a second."""
    settings: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        wrappers = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        half = loose("int64(int64)", {**settings, **wrappers}, rare=True)(_half)
        tried = _made_of(half, numba.njit(inline="always", **settings)(_within))
        right = _made_of(_half, _within)(84)
        return bool(whole("int64(int64)", settings)(tried)(84) == right and half.nopython_signatures)
    except Exception:  # whatever it is: without this everything still works
        return False


def _made_of(half: Callable[[int], int], within: Callable[[int, int], bool]) -> Callable[[int], int]:
    def tried(x: int) -> int:
        total, pair = 0, (x, 2 * x)
        for k in range(x):
            if k > 3 and not within(k, x):
                continue
            total += min(half(pair[1]), max(k, 5))
        while total > 1000:
            total -= pair[0]
        return total

    return tried


def _half(x: int) -> int:
    return x >> 1


def _within(k: int, x: int) -> bool:
    return k % 3 == 0 or k < x // 2
