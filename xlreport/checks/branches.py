"""Find the branch of ``anyOf`` or ``oneOf`` that was meant, and say what it lacks."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from xlreport.checks.hints import enum_hint
from xlreport.checks.naming import Problem, named, subject
from xlreport.checks.violations import Path, Violation
from xlreport.registry import ResourceSchema
from xlreport.sentences import Counted, Listed, Name, Sentence, one_after_the_other

__all__ = ["no_branch"]

_MOST_PROBLEMS: Final = 3
Branch = tuple[Violation, ...]
Say = Callable[[Violation, ResourceSchema], Iterator[Problem]]


def no_branch(violation: Violation, resource: ResourceSchema, say: Say) -> Iterator[Problem]:
    """Yield what the branch lacks that was meant; ``say`` puts one violation into words.

    It is the one whose type and constants fit. Where the value that tells the branches apart is itself
    wrong, that is all there is to say. Else the branch counts that fewest things are wrong with, and of those
    the one that was followed deepest.
    """
    if not violation.branches or not all(violation.branches):  # a branch without a problem fits
        yield _several(violation, resource)
        return
    depth = len(violation.path)
    numbered = list(enumerate(violation.branches))
    meant = [each for each in numbered if not any(_is_other_kind(found, depth) for found in each[1])]
    if not meant and (unknown := _unknown_kind(violation, resource)):
        yield unknown
        return
    position, best = min(meant or numbered, key=lambda each: (len(each[1]), -_deepest(each[1])))
    said = [problem for found in best for problem in say(found, resource)]
    if len(meant) == 1 or len(numbered) == 1:
        yield from said
    else:
        yield _nearest(violation, resource, said, _title(violation, position, resource))


def _several(violation: Violation, resource: ResourceSchema) -> Problem:
    message = Sentence(
        "{name} fits more than one of the forms that exclude each other.",
        name=named(violation.path, violation.value, resource),
    )
    return Problem("several-branches-fit", violation.path, message, violation.value)


def _nearest(violation: Violation, resource: ResourceSchema, said: Sequence[Problem], title: str) -> Problem:
    """Return the problem that fits no form, with what the nearest one asks for."""
    name = named(violation.path, violation.value, resource)
    lacking = [problem.path for problem in said if problem.code == "missing-value"]
    forms = Counted(len(violation.branches), "form")
    if title and lacking and len(lacking) == len(said):
        message = Sentence(
            "As {form}, {name} lacks {fields}.", form=title, name=name, fields=_fields(lacking, resource)
        )
    else:
        asks = one_after_the_other(*(problem.message for problem in said[:_MOST_PROBLEMS]))
        message = Sentence(
            "{name} fits none of the {forms} that are allowed. The nearest asks: {problems}",
            name=name,
            forms=forms,
            problems=Sentence("As {form}: {problems}", form=title, problems=asks) if title else asks,
        )
    return Problem(
        "no-branch-fits", violation.path, message, violation.value, hint=said[0].hint if said else ""
    )


def _fields(paths: Sequence[Path], resource: ResourceSchema) -> Listed:
    return Listed(subject(path, resource) for path in paths)


def _unknown_kind(violation: Violation, resource: ResourceSchema) -> Problem | None:
    """Return the problem of a value that is to tell the branches apart, and is none of those they know."""
    depth = len(violation.path)
    telling = [_telling(branch, depth) for branch in violation.branches]
    paths = {found.path for found in telling if found}
    if None in telling or len(paths) != 1:
        return None
    wrong = [found for found in telling if found]
    known = [value for found in wrong for value in _allowed(found)]
    path, value = wrong[0].path, wrong[0].value
    expected = Listed((Name(each) for each in known if not isinstance(each, dict | list)), "or")
    message = Sentence(
        "{name} is not allowed; it can be {expected}.", name=named(path, value, resource), expected=expected
    )
    texts = [each for each in known if isinstance(each, str)]
    return Problem("unknown-value", path, message, value, expected, enum_hint(value, texts))


def _telling(branch: Branch, depth: int) -> Violation | None:
    return next((found for found in branch if _is_constant(found) and len(found.path) == depth + 1), None)


def _allowed(violation: Violation) -> list[Any]:
    return [violation.limit] if violation.keyword == "const" else list(violation.limit)


def _is_constant(violation: Violation) -> bool:
    return violation.keyword in {"const", "enum"}


def _is_other_kind(violation: Violation, depth: int) -> bool:
    """Tell whether a branch is about another type of value, or one with another constant to tell it by."""
    distance = len(violation.path) - depth
    return (violation.keyword == "type" and distance == 0) or (_is_constant(violation) and distance <= 1)


def _deepest(branch: Branch) -> int:
    return max((len(found.path) for found in branch), default=0)


def _title(violation: Violation, position: int, resource: ResourceSchema) -> str:
    """Return the title of a branch, with a small letter at its beginning where it is one word's."""
    branch = violation.limit[position] if isinstance(violation.limit, list) else None
    title = branch.get("title", "") if isinstance(branch, dict) else ""
    if not title and violation.location:
        title = resource.schema.at(f"{violation.location}/{position}").text("title")
    return Sentence(title) if title else ""
