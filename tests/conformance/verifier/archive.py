"""The zip of a bundle, read strictly and in memory."""

import re
import struct
import zlib

LARGEST_MEMBER = 200_000_000
LARGEST_TOTAL = 2_000_000_000
MOST_FILES = 10_000
INDEX = "bundle.json"
_NAME = re.compile(r"bundle\.json|files/[A-Za-z0-9_-]{43}", re.ASCII)
_END = struct.Struct("<IHHHHIIH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_LOCAL = struct.Struct("<IHHHHHIIIHH")


class NotAnArchive(Exception):
    """The bytes are not a zip of the form that docs/verify.md tells."""


class Archive:
    """Members by name; `read` unpacks one."""

    def __init__(self, data):
        self._data = data
        self._members = _members(data)

    def names(self):
        return list(self._members)

    def size(self, name):
        return self._members[name].size

    def read(self, name):
        return _unpack(self._data, self._members[name])


class _Member:
    def __init__(self, fields, name):
        self.flags, self.method = fields[3], fields[4]
        self.crc, self.packed, self.size = fields[7], fields[8], fields[9]
        self.local = fields[16]
        self.name = name
        self.start = 0


def _members(data):
    if len(data) > LARGEST_TOTAL:
        raise NotAnArchive("too large")
    count, length, offset = _end(data)
    members, total, at = {}, 0, offset
    for _ in range(count):
        member, at = _central(data, at, offset + length)
        if member.name in members:
            raise NotAnArchive("a name twice")
        members[member.name] = member
        total += member.size
    if at != offset + length:
        raise NotAnArchive("the directory has another length")
    if total > LARGEST_TOTAL or len(members) > MOST_FILES + 1 or INDEX not in members:
        raise NotAnArchive("too much, or no bundle.json")
    _place(data, members.values(), offset)
    return members


def _end(data):
    at = len(data) - _END.size
    if at < 0:
        raise NotAnArchive("too short")
    mark, disk, disk_of, here, count, length, offset, comment = _END.unpack_from(data, at)
    if mark != 0x06054B50 or disk or disk_of or here != count or comment:
        raise NotAnArchive("no end of a zip")
    if offset + length != at:
        raise NotAnArchive("the directory does not end where the end begins")
    return count, length, offset


def _central(data, at, end):
    if at + _CENTRAL.size > end:
        raise NotAnArchive("the directory is cut")
    fields = _CENTRAL.unpack_from(data, at)
    after_name = at + _CENTRAL.size + fields[10]
    after = after_name + fields[11] + fields[12]
    if fields[0] != 0x02014B50 or after > end:
        raise NotAnArchive("the directory is broken")
    name = data[at + _CENTRAL.size : after_name].decode("latin-1")
    if _NAME.fullmatch(name) is None:
        raise NotAnArchive("another name")
    member = _Member(fields, name)
    if member.method not in (0, 8) or member.flags & 0x2041 or member.size > LARGEST_MEMBER:
        raise NotAnArchive("another method, encrypted or too large")
    return member, after


def _place(data, members, end):
    """Each member's own header agrees with the directory, and none lies in another."""
    at = 0
    for member in sorted(members, key=lambda each: each.local):
        if member.local < at or member.local + _LOCAL.size > end:
            raise NotAnArchive("members overlap")
        fields = _LOCAL.unpack_from(data, member.local)
        start = member.local + _LOCAL.size
        name = data[start : start + fields[9]].decode("latin-1")
        if fields[0] != 0x04034B50 or name != member.name or fields[3] != member.method:
            raise NotAnArchive("a member's header differs from the directory")
        member.start = start + fields[9] + fields[10]
        at = member.start + member.packed
        if at > end:
            raise NotAnArchive("a member is cut")


def _unpack(data, member):
    packed = data[member.start : member.start + member.packed]
    content = packed if member.method == 0 else _inflate(packed, member.size)
    if len(content) != member.size or zlib.crc32(content) != member.crc:
        raise NotAnArchive("a member has another size or sum")
    return content


def _inflate(packed, size):
    reader = zlib.decompressobj(-15)
    try:
        content = reader.decompress(packed, size + 1)
    except zlib.error as error:
        raise NotAnArchive("broken deflate") from error
    if not reader.eof or reader.unused_data:
        raise NotAnArchive("deflate does not end with its member")
    return content
