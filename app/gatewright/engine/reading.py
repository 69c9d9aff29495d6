"""One YAML document into one pydantic model, with every error named by file, line and the nearest valid key."""

import difflib
import typing
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from gatewright.engine.documents import Document, DocumentError, read
from gatewright.model.path import Path, find, render
from gatewright.model.text import escape

MUST = "must be "

Model = TypeVar("Model", bound=BaseModel)


class ConfigError(Exception):
    """A configuration that is refused: every reason, by line."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def the_document(text: bytes, source: str) -> Document:
    """The one document in `text`; an empty one where it has none.

    Raises:
        ConfigError: it cannot be read, or there is more than one.
    """
    found = list(read(text, source))
    errors = [str(item) for item in found if isinstance(item, DocumentError)]
    documents = [item for item in found if isinstance(item, Document)]
    if len(documents) > 1:
        errors.append(f"{source}:{documents[1].line}: a second document; give one")
    if documents and not isinstance(documents[0].value, dict):
        errors.append(f"{source}:{documents[0].line}: must be a mapping of keys to values")
    if errors:
        raise ConfigError(errors)
    return documents[0] if documents else Document.empty(source)


def validate(model: type[Model], document: Document, aliases: Mapping[str, str]) -> Model:
    """The document as a `model`. Keys of `aliases` stand for their values.

    Raises:
        ConfigError: every place where it is not one, by line.
    """
    try:
        return _validate(model, document, aliases)
    except RecursionError:  # a reader takes more levels than what follows it
        raise ConfigError([f"{document.source}:{document.line}: nests deeper than any configuration"]) from None


def _validate(model: type[Model], document: Document, aliases: Mapping[str, str]) -> Model:
    empty, twice = _empty(document.value), _twice(document.value, aliases)
    problems = [(path, "is empty; give it a value or leave it out") for path in empty]
    problems += [(path, f"given twice, also as {aliases[str(path[-1])]}") for path in twice]
    validated: Model | None = None
    try:
        validated = model.model_validate(_without(document.value, [*empty, *twice]))
    except ValidationError as error:
        found: dict[tuple[Path, bool], list[str]] = {}
        for detail in error.errors(include_url=False):
            path = _path(detail["loc"], document.value, aliases)
            found.setdefault((path, detail["loc"][-1:] == ("[key]",)), []).append(_message(detail, path, model))
        problems += [(path, text) for (path, _), texts in found.items() for text in _merged(texts)]
    if validated is None or problems:
        lines = sorted((document.line_of(path), render(path), text) for path, text in problems)
        raise ConfigError(
            escape(f"{document.source}:{line}: {path}{': ' if path else ''}{text}") for line, path, text in lines
        )
    return validated


def _merged(texts: list[str]) -> list[str]:
    """What is said of one place: of a value that may be of several types, each type complains."""
    types = [text.removeprefix(MUST) for text in texts if text.startswith(MUST)]
    others = [text for text in texts if not text.startswith(MUST)]
    return [f"{MUST}{' or '.join(types)}", *others] if types else others


def _empty(block: Any, at: Path = ()) -> list[Path]:
    """The keys that are there without a value, in a block, its policies and its overrides."""
    if not isinstance(block, dict):
        return []
    found = [(*at, key) for key, value in block.items() if value is None]
    if isinstance(policies := block.get("policies"), dict):
        found += _empty({key: value for key, value in policies.items() if value is None}, (*at, "policies"))
        for policy_id, setting in policies.items():
            found += _empty(setting, (*at, "policies", policy_id))
    if isinstance(overrides := block.get("overrides"), list):
        for number, override in enumerate(overrides):
            found += _empty(override, (*at, "overrides", number))
    return found


def _twice(block: Any, aliases: Mapping[str, str], at: Path = ()) -> list[Path]:
    """The aliases that stand beside the ids that they stand for, in a block's policies and its overrides'."""
    policies, overrides = (find(block, (key,)) for key in ("policies", "overrides"))
    found: list[Path] = []
    if isinstance(policies, dict):
        found += [(*at, "policies", key) for key in policies if aliases.get(key) in policies]
    if isinstance(overrides, list):
        for number, override in enumerate(overrides):
            found += _twice(override, aliases, (*at, "overrides", number))
    return found


def _without(value: Any, paths: list[Path], at: Path = ()) -> Any:
    if isinstance(value, dict):
        return {key: _without(item, paths, (*at, key)) for key, item in value.items() if (*at, key) not in paths}
    if isinstance(value, list):
        return [_without(item, paths, (*at, index)) for index, item in enumerate(value)]
    return value


def _path(location: Path, document: Any, aliases: Mapping[str, str]) -> Path:
    """Where the document has what a pydantic location names: a shorthand has less, an alias another key."""
    path: Path = ()
    for step in location:
        here = find(document, path)
        if isinstance(here, dict) and step not in here:
            step = next((key for key in here if aliases.get(key) == step), step)  # noqa: PLW2901  # the alias stands for it
        if find(document, (*path, step), path) is path:
            break
        path = (*path, step)
    return path


def _message(detail: ErrorDetails, path: Path, model: type[BaseModel]) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            what = "no such policy" if path[-2:-1] == ("policies",) else "unknown key"
            known = _keys(model, detail["loc"][:-1])
            near = difflib.get_close_matches(str(path[-1]), known, n=1)
            return f"{what}; {f'did you mean {near[0]}?' if near else _these(known)}"
        case "value_error":
            return str(context["error"])
        case "missing":
            return f"needs the key {detail['loc'][-1]}"
        case "too_short":
            return f"{MUST}at least {context['min_length']} long"
        case "string_too_short":
            return "is empty; give it a value or leave it out"
        case "model_type" | "dict_type":
            return f"{MUST}a mapping of keys to values"
        case "literal_error":
            return f"{MUST}{context['expected'].replace(chr(39), '')}"
        case _:
            return detail["msg"].replace("Input should be ", MUST)


def _these(known: list[str]) -> str:
    return (
        f"there are {', '.join(known)}" if known[1:] else f"the only one is {known[0]}" if known else "there are none"
    )


def _keys(model: type[BaseModel], location: Path) -> list[str]:
    for step in location:
        if isinstance(step, str):
            model = next(_model(info.annotation) for info in model.model_fields.values() if info.alias == step)
    return [info.alias or "" for info in model.model_fields.values()]


def _model(annotation: Any) -> type[BaseModel]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(_model(option) for option in typing.get_args(annotation) if option is not type(None))
