"""Find out what each sheet of a workbook is: records of a resource, parts of them, or no data at all.

The schema gives the names: a main sheet is called by the title or name of its resource (Contracts), a child
sheet by the title or path of its array (Milestones, Contracts milestones). A sheet of another name counts
by its headings.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from xlreport.child_sheets import arrays_of, child_keys, child_names, key_of, squashed
from xlreport.errors import SpecError
from xlreport.fields import in_words
from xlreport.findings import Finding, Place, Severity
from xlreport.language import key
from xlreport.sentences import Listed, Name, Sentence
from xlreport.sources.description import Child, DatasetFile, Part, ResourceFile
from xlreport.sources.heading_rows import always
from xlreport.sources.items import UnreadableError
from xlreport.sources.naming import Naming, child_naming, naming_of
from xlreport.sources.sheet_records import headings_of
from xlreport.tables import Outline
from xlreport.text import did_you_mean, listing, shown

__all__ = ["arranged", "hidden_sheets"]

_EVERY: Final = "*"
_LONGEST: Final = 31
"""Characters of a sheet's name; Excel takes no more."""
_DIGITS: Final = "0123456789"
_ENOUGH: Final = 0.5
"""Share of its headings that a sheet of any name must have in common with a resource to be one."""


@dataclass(frozen=True, slots=True)
class _Role:
    """What a sheet is."""

    resource: str
    array: str = ""
    child: bool = False


@dataclass(frozen=True, slots=True)
class _Sheet:
    part: Part
    name: str
    """Of the resource that it would be without a schema."""
    title: str


def arranged(description: DatasetFile, outlines: Mapping[str, Outline]) -> DatasetFile:
    """Return the description with each sheet in its place, as the ``outlines`` of the resources have it.

    The outline under ``*`` serves every resource. Sheets that a dataset file names stay as they are. Where
    no sheet is a main sheet, all stay what they were: a resource each.
    """
    if description.file:
        resources = [_with_keys(resource, outlines, description.file) for resource in description.resources]
        return replace(description, resources=tuple(resources))
    if not outlines:
        return description
    sheets = [
        _Sheet(part, resource.name, resource.title)
        for resource in description.resources
        for part in resource.parts
        if part.format == "xlsx" and isinstance(part.sheet, str)
    ]
    sheets += _named_as_data(description.hidden, outlines)
    roles = _roles(sheets, outlines)
    mains = [sheet for sheet in sheets if (role := roles.get(_id(sheet))) and not role.child]
    if not mains or (
        len(mains) == len(sheets) and all(roles[_id(sheet)].resource == sheet.name for sheet in mains)
    ):
        return description
    others = [resource for resource in description.resources if not _is_of_sheets(resource)]
    resources = _resources(sheets, roles, outlines)
    left = [sheet for sheet in sheets if _id(sheet) not in roles]
    unread = [part for part in description.hidden if (part.file, part.sheet) not in roles]
    told = [finding for finding in description.findings if finding not in hidden_sheets(description.hidden)]
    found = (*told, *hidden_sheets(unread), *_left_out(left))
    return replace(description, resources=(*resources, *others), findings=found)


def _named_as_data(hidden: Sequence[Part], outlines: Mapping[str, Outline]) -> list[_Sheet]:
    """Return those of the hidden sheets that have the name of a resource or of an array of one."""
    by_name = _roles_by_name(outlines)
    named = [(part, str(part.sheet)) for part in hidden]
    return [_Sheet(part, name, name) for part, name in named if _named_role(name, by_name)]


def hidden_sheets(parts: Iterable[Part]) -> list[Finding]:
    """Return a finding for each workbook that says which of its sheets are hidden and not read."""
    template = key("{file}: hidden sheets are not read: {sheets}.")
    hint = Sentence("To read one, name it in a dataset file.")
    return list(_skipped(parts, template, hint))


def _with_keys(resource: ResourceFile, outlines: Mapping[str, Outline], file: str) -> ResourceFile:
    """Return the resource with the key columns of the child sheets that the dataset file names."""
    if not resource.children:
        return resource
    outline = outlines.get(resource.name) or outlines.get(_EVERY) or Outline({}, in_words(resource.name))
    children = [_with_own_keys(child, resource.name, outline, file) for child in resource.children]
    return replace(resource, children=tuple(children), key=key_of(outline))


def _with_own_keys(child: Child, resource: str, outline: Outline, file: str) -> Child:
    """Return a child sheet with its key columns; SpecError where the dataset file says what cannot be."""
    known = arrays_of(outline)
    if known and child.array not in known:
        names = listing(path.replace("/*", "") for path in known)
        said = f"{resource} has no array {shown(child.array)}; it has {names}"
        message = f"{file}: {child.place}: {said}{did_you_mean(child.array, known) or '.'}"
        raise SpecError(message)
    keys = child_keys(resource, outline, child.array)
    if not child.headings:
        return replace(child, keys=keys)
    if len(child.headings) != len(keys):
        names = listing(key.heading for key in keys)
        message = f"{file}: {child.place}: the rows name {names}; give that many columns as the key."
        raise SpecError(message)
    own = (
        replace(key, heading=heading, names={squashed(heading): key.path})
        for key, heading in zip(keys, child.headings, strict=True)
    )
    return replace(child, keys=tuple(own))


def _id(sheet: _Sheet) -> tuple[str, str]:
    return sheet.part.file, str(sheet.part.sheet)


def _is_of_sheets(resource: ResourceFile) -> bool:
    return all(part.format == "xlsx" and isinstance(part.sheet, str) for part in resource.parts)


def _roles(sheets: Sequence[_Sheet], outlines: Mapping[str, Outline]) -> dict[tuple[str, str], _Role]:
    """Return what the sheets are, by file and name; those that are no data are not among them."""
    by_name = _roles_by_name(outlines)
    roles: dict[tuple[str, str], _Role] = {}
    unnamed: list[_Sheet] = []
    for sheet in sheets:
        role = _named_role(str(sheet.part.sheet), by_name) or _named_role(sheet.name, by_name)
        if role:
            roles[_id(sheet)] = role
        else:
            unnamed.append(sheet)
    mains = {
        role.resource: sheet.part for sheet in sheets if (role := roles.get(_id(sheet))) and not role.child
    }
    for sheet in unnamed:
        role = _role_by_headings(sheet.part, outlines, mains)
        if role and not role.child:
            mains.setdefault(role.resource, sheet.part)
            role = replace(role, resource=sheet.name) if role.resource == _EVERY else role
        if role:
            roles[_id(sheet)] = role
    return _with_a_main(sheets, roles)


def _with_a_main(
    sheets: Sequence[_Sheet], roles: dict[tuple[str, str], _Role]
) -> dict[tuple[str, str], _Role]:
    """Return the roles with the first sheet as main sheet where all would be children of nothing."""
    first = next((sheet for sheet in sheets if _id(sheet) in roles), None)
    if first and all(role.child for role in roles.values()) and not roles[_id(first)].array:
        role = roles[_id(first)]
        name = first.name if role.resource == _EVERY else role.resource
        return {**roles, _id(first): _Role(name)}
    return roles


def _roles_by_name(outlines: Mapping[str, Outline]) -> dict[str, _Role | None]:
    """Return squashed name -> what a sheet of that name is; None where it could be several things."""
    found: dict[str, _Role | None] = {}
    for resource, outline in outlines.items():
        if resource != _EVERY:
            found |= {squashed(name): _Role(resource) for name in (resource, outline.title)}
    mains = set(found)
    for resource, outline in outlines.items():
        for array in arrays_of(outline):
            role = _Role(resource, array, child=True)
            for name in set(map(squashed, child_names(resource, outline, array))) - mains:
                found[name] = role if found.get(name, role) == role else None
    return found


def _named_role(name: str, by_name: Mapping[str, _Role | None]) -> _Role | None:
    key = squashed(name)
    for known in (key, key.rstrip(_DIGITS)):
        if by_name.get(known):
            return by_name[known]
    if len(name) == _LONGEST:
        whole = {role for known, role in by_name.items() if role and known.startswith(key)}
        return whole.pop() if len(whole) == 1 else None
    return None


def _role_by_headings(part: Part, outlines: Mapping[str, Outline], mains: Mapping[str, Part]) -> _Role | None:
    """Return what a sheet is by its headings, or None where they are those of no resource.

    ``mains`` are the main sheets that are known.
    """
    texts = _headings(part, outlines)
    best: tuple[float, _Role | None] = (0.0, None)
    for resource, outline in outlines.items():
        for role, naming in _possible(resource, outline, texts, has_main=resource in mains):
            share = len(_paths(texts, naming)) / max(len(texts), 1)
            if share >= _ENOUGH and share > best[0]:
                best = share, role
    found = best[1]
    if found and not found.child and found.resource in mains:
        return _beside(found, outlines[found.resource], texts, _headings(mains[found.resource], outlines))
    return found


def _headings(part: Part, outlines: Mapping[str, Outline]) -> list[str]:
    """Return the headings of a sheet: of its first rows those that name most fields of one resource."""
    best: tuple[int, list[str]] = 0, []
    for outline in outlines.values():
        naming = naming_of(outline.fields)
        try:
            texts = [text for text in headings_of(part, always(naming)) if text]
        except UnreadableError:
            return []
        known = len(_paths(texts, naming))
        if known > best[0] or not best[1]:
            best = known, texts
    return best[1]


def _beside(role: _Role, outline: Outline, texts: Sequence[str], first: Sequence[str]) -> _Role:
    """Return what a sheet is whose headings are fields of a record, where there is a main sheet already.

    It holds further records if it has mostly the same columns, and further values of the same records (as
    ``buyer/name`` by the record's id) if not.
    """
    naming = naming_of(outline.fields)
    paths, known = _paths(texts, naming), _paths(first, naming)
    is_part = paths >= set(key_of(outline)) and len(paths - known) >= len(paths & known)
    return replace(role, child=True) if is_part else role


def _possible(
    resource: str, outline: Outline, texts: Sequence[str], *, has_main: bool
) -> Iterator[tuple[_Role, Naming]]:
    """Iterate over what a sheet with such headings can be."""
    main, key = naming_of(outline.fields), set(key_of(outline))
    paths = {path for text in texts for path in main.meaning(text).paths}
    of_items = {path for path in paths if "/0/" in path}
    if of_items and key <= paths and (has_main or not paths - of_items - key):
        yield _Role(resource, child=True), main
        return
    yield _Role(resource), main
    for array in arrays_of(outline):
        keys = child_keys(resource, outline, array)
        if all(any(squashed(text) in key.names for text in texts) for key in keys):
            yield _Role(resource, array, child=True), child_naming(outline.fields, array, keys, texts)


def _paths(texts: Sequence[str], naming: Naming) -> set[str]:
    """Return the paths of the fields that headings mean."""
    taken: set[str] = set()
    for text in texts:
        taken.update(naming.meaning(text, taken).paths[:1])
    return taken


def _resources(
    sheets: Sequence[_Sheet], roles: Mapping[tuple[str, str], _Role], outlines: Mapping[str, Outline]
) -> list[ResourceFile]:
    found: dict[str, ResourceFile] = {}
    for sheet in sheets:
        role = roles.get(_id(sheet))
        if role and not role.child:
            known = found.setdefault(role.resource, ResourceFile(role.resource, (), sheet.title))
            found[role.resource] = replace(known, parts=(*known.parts, sheet.part))
    for sheet in sheets:
        role = roles.get(_id(sheet))
        if not role or not role.child:
            continue
        name = role.resource if role.resource in found else next(iter(found))
        outline = outlines.get(name) or outlines[role.resource]
        child = Child(sheet.part, role.array, child_keys(name, outline, role.array))
        known = found[name]
        found[name] = replace(known, children=(*known.children, child), key=key_of(outline))
    return list(found.values())


def _left_out(sheets: Sequence[_Sheet]) -> Iterator[Finding]:
    template = key("{file}: sheets that hold no records are not read: {sheets}.")
    hint = Sentence("If one does, call it by the title of its records, or name it in a dataset file.")
    return _skipped((sheet.part for sheet in sheets), template, hint)


def _skipped(parts: Iterable[Part], template: str, hint: Sentence) -> Iterator[Finding]:
    """Yield a finding for each workbook that names its sheets of ``parts``."""
    sheets: dict[str, list[str]] = {}
    for part in parts:
        sheets.setdefault(part.file, []).append(str(part.sheet))
    for file, names in sheets.items():
        listed = Listed(Name(shown(name)) for name in names)
        yield Finding(
            code="skipped-sheets",
            severity=Severity.INFO,
            message=Sentence(template, file=Name(file), sheets=listed),
            hint=hint,
            place=Place(file=file),
            value=len(names),
        )
