"""The part of JSON Schema 2020-12 that docs/bundle.schema.json uses.

Two readings where JSON Schema leaves room: lengths of texts are counted in UTF-16 code units, and a
pattern matches the whole text with ASCII classes (its `$` is the very end).
"""

import re

from .canonical import utf16_length

_IGNORED = {"$schema", "description", "title", "$comment"}


def fits(schema, value):
    return all(_RULES[name](schema, rule, value) for name, rule in schema.items() if name not in _IGNORED)


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": _is_number,
    "integer": lambda value: _is_number(value) and float(value).is_integer(),
}


def _same(left, right):
    return type(left) is type(right) and left == right or (
        _is_number(left) and _is_number(right) and left == right
    )


def _pattern(_schema, rule, value):
    return not isinstance(value, str) or _compiled(rule).search(value) is not None


_cache = {}


def _compiled(rule):
    if rule not in _cache:
        _cache[rule] = re.compile(re.sub(r"(?<!\\)\$", r"\\Z", rule), re.ASCII)
    return _cache[rule]


def _properties(_schema, rule, value):
    return not isinstance(value, dict) or all(
        fits(rule[name], item) for name, item in value.items() if name in rule
    )


def _additional(schema, rule, value):
    if not isinstance(value, dict):
        return True
    known = schema.get("properties", {})
    return all(fits(rule, item) if isinstance(rule, dict) else rule for name, item in value.items() if name not in known)


_RULES = {
    "type": lambda _schema, rule, value: _TYPES[rule](value),
    "const": lambda _schema, rule, value: _same(rule, value),
    "enum": lambda _schema, rule, value: any(_same(each, value) for each in rule),
    "pattern": _pattern,
    "minLength": lambda _s, rule, value: not isinstance(value, str) or utf16_length(value) >= rule,
    "maxLength": lambda _s, rule, value: not isinstance(value, str) or utf16_length(value) <= rule,
    "minimum": lambda _s, rule, value: not _is_number(value) or value >= rule,
    "maximum": lambda _s, rule, value: not _is_number(value) or value <= rule,
    "items": lambda _s, rule, value: not isinstance(value, list) or all(fits(rule, each) for each in value),
    "minItems": lambda _s, rule, value: not isinstance(value, list) or len(value) >= rule,
    "maxItems": lambda _s, rule, value: not isinstance(value, list) or len(value) <= rule,
    "required": lambda _s, rule, value: not isinstance(value, dict) or all(name in value for name in rule),
    "properties": _properties,
    "additionalProperties": _additional,
    "anyOf": lambda _s, rule, value: any(fits(each, value) for each in rule),
    "oneOf": lambda _s, rule, value: sum(fits(each, value) for each in rule) == 1,
}
