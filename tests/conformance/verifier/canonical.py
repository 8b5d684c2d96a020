"""RFC 8785 (I1, I2) and base64url without padding (I3)."""

import base64
import json

# A value stands in at most so many others.
DEEPEST = 64


class NotCanonical(Exception):
    """The text is not JSON, or not its own canonical form."""


def _refuse_constant(name):
    raise NotCanonical(name)


def _pairs(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotCanonical("a name twice")
    return members


# Every number of JSON is an IEEE 754 double, also one without a point.
_decoder = json.JSONDecoder(
    parse_float=float,
    parse_int=float,
    parse_constant=_refuse_constant,
    object_pairs_hook=_pairs,
    strict=True,
)


def parse_canonical(text):
    """The value of a canonical text; numbers are floats. Raises NotCanonical."""
    try:
        value = _decoder.decode(text)
        if canonical(value) != text:
            raise NotCanonical("another spelling")
        return value
    except (ValueError, RecursionError) as error:
        raise NotCanonical(str(error)) from error


def canonical(value):
    """The RFC 8785 text of a JSON value. Raises NotCanonical."""
    parts = []
    _write(value, parts, 0)
    return "".join(parts)


def _write(value, parts, depth):
    if depth > DEEPEST:
        raise NotCanonical("too deep")
    if value is None:
        parts.append("null")
    elif value is True:
        parts.append("true")
    elif value is False:
        parts.append("false")
    elif isinstance(value, str):
        parts.append(_string(value))
    elif isinstance(value, (int, float)):
        parts.append(_number(float(value)))
    elif isinstance(value, list):
        _write_list(value, parts, depth)
    else:
        _write_object(value, parts, depth)


def _write_list(value, parts, depth):
    parts.append("[")
    for place, item in enumerate(value):
        if place > 0:
            parts.append(",")
        _write(item, parts, depth + 1)
    parts.append("]")


def _write_object(value, parts, depth):
    parts.append("{")
    for place, name in enumerate(sorted(value, key=_utf16)):
        if place > 0:
            parts.append(",")
        parts.append(_string(name))
        parts.append(":")
        _write(value[name], parts, depth + 1)
    parts.append("}")


def _utf16(text):
    return text.encode("utf-16-be", "surrogatepass")


_SHORT = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
_ESCAPES = {code: _SHORT.get(code, f"\\u{code:04x}") for code in [*range(32), 34, 92]}


def _string(text):
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("a lone surrogate") from error
    return '"' + text.translate(_ESCAPES) + '"'


def _number(value):
    """ECMAScript's Number::toString, as RFC 8785 asks."""
    if value != value or value in (float("inf"), float("-inf")):
        raise NotCanonical("no number of JSON")
    if value == 0:
        return "0"
    if value < 0:
        return "-" + _number(-value)
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    point = len(whole) + int(exponent or "0")
    digits = whole + fraction
    point -= len(digits) - len(digits.lstrip("0"))
    digits = digits.strip("0")
    return _digits(digits, point)


def _digits(digits, point):
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    sign = "+" if point > 0 else "-"
    tail = "" if count == 1 else "." + digits[1:]
    return f"{digits[0]}{tail}e{sign}{abs(point - 1)}"


def utf16_length(text):
    """How the schemas count a text: in UTF-16 code units."""
    return len(_utf16(text)) // 2


def from_base64url(text):
    """The bytes of a text, or None where it is no base64url or not the only one of its bytes."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    return data if to_base64url(data) == text else None


def to_base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
