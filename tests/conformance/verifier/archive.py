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
_DESCRIPTOR = struct.Struct("<IIII")
_DESCRIBED, _UTF8 = 0x0008, 0x0800


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
    """A row of the directory."""

    def __init__(self, fields, name):
        self.flags, self.method, self.sums = fields[3], fields[4], fields[7:10]
        self.crc, self.packed, self.size = self.sums
        self.offset, self.name = fields[16], name
        self.start = 0


def _members(data):
    if len(data) > LARGEST_TOTAL:
        raise NotAnArchive("too large")
    count, start, stop = _end(data)
    members, total, at, free = {}, 0, start, 0
    for _ in range(count):
        member, at = _row(data, at, stop)
        free = _place(data, member, free, start)
        if member.name in members:
            raise NotAnArchive("a name twice")
        members[member.name] = member
        total += member.size
    if at != stop or free != start:
        raise NotAnArchive("more than its directory tells")
    if total > LARGEST_TOTAL or len(members) > MOST_FILES + 1 or INDEX not in members:
        raise NotAnArchive("too much, or no bundle.json")
    return members


def _end(data):
    stop = len(data) - _END.size
    if stop < 0:
        raise NotAnArchive("too short")
    mark, disk, disk_of, here, count, length, start, comment = _END.unpack_from(data, stop)
    if mark != 0x06054B50 or disk or disk_of or here != count or comment:
        raise NotAnArchive("no end of a zip")
    if start + length != stop:
        raise NotAnArchive("the directory does not end where the end begins")
    return count, start, stop


def _row(data, at, stop):
    if at + _CENTRAL.size > stop:
        raise NotAnArchive("the directory is cut")
    fields = _CENTRAL.unpack_from(data, at)
    after = at + _CENTRAL.size + fields[10]
    if fields[0] != 0x02014B50 or after > stop or any(fields[11:14]):
        raise NotAnArchive("the directory is broken, or holds more than names")
    name = data[at + _CENTRAL.size : after].decode("latin-1")
    member = _Member(fields, name)
    if _NAME.fullmatch(name) is None or member.size > LARGEST_MEMBER:
        raise NotAnArchive("another name, or too large")
    if member.method not in (0, 8) or member.flags & ~(_DESCRIBED | _UTF8):
        raise NotAnArchive("another method, or encrypted")
    return member, after


def _place(data, member, free, limit):
    """Where the next one begins: members lie one after the other and say what the directory says."""
    described = bool(member.flags & _DESCRIBED)
    member.start = free + _LOCAL.size + len(member.name)
    stop = member.start + member.packed
    after = stop + _DESCRIPTOR.size if described else stop
    if member.offset != free or after > limit:
        raise NotAnArchive("members overlap, or leave a gap")
    fields = _LOCAL.unpack_from(data, free)
    name = data[free + _LOCAL.size : member.start].decode("latin-1")
    sums = (0, 0, 0) if described else member.sums
    told = (0x04034B50, member.flags, member.method, sums, len(member.name), 0, member.name)
    if (fields[0], fields[2], fields[3], fields[6:9], fields[9], fields[10], name) != told:
        raise NotAnArchive("a member's header differs from the directory")
    if described and _DESCRIPTOR.unpack_from(data, stop) != (0x08074B50, *member.sums):
        raise NotAnArchive("a member's descriptor differs from the directory")
    return after


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
