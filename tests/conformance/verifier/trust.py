"""Whose key is whose: the installation's log and the directories (steps 3 to 5)."""


class Certified:
    """A person's key: its point, its facility, what disowned it, what its directory released."""

    def __init__(self, facility, point, disowning, released):
        self.facility, self.point = facility, point
        self.disowning, self.released = disowning, released


class Trust:
    """Points by fingerprint: the root's, the server's keys by use, people's."""

    def __init__(self, schemas, installation, directories):
        self.root, self.root_point = None, None
        self.servers = {"receipt": {}, "certificate": {}, "checkpoint": {}, "sealing": {}}
        self.people = {}
        self._read_installation(schemas["bodies"]["installation"], installation)
        for log in sorted(directories):
            items = sorted(directories[log], key=lambda item: item.seq)
            for key, found in _keys_of(schemas["bodies"]["directory"], log, items).items():
                self.people.setdefault(key, found)

    def _read_installation(self, forms, items):
        first = items[0] if items else None
        founding = _facts(forms, first, "installationFounded") if first is not None else None
        if founding is None:
            return
        self.root, self.root_point = first.key, founding["rootKey"]
        for item in items:
            named = _facts(forms, item, "serverKeyCertified")
            if named is not None and item.key == self.root:
                self.servers[named["use"]].setdefault(named["key"], named["publicKey"])


def _facts(forms, item, kind):
    return item.facts(forms[kind]) if item.kind == kind else None


def _keys_of(forms, log, items):
    """The keys of one directory; its items are in the order of `seq`."""

    def told(kind):
        found = [(item, _facts(forms, item, kind)) for item in items]
        return [(item, facts) for item, facts in found if facts is not None]

    released = {facts["entry"] for _, facts in told("entryReleased")}
    disownings = [("key", *each) for each in told("keyDisowned")]
    disownings += [("device", *each) for each in told("deviceDisowned")]
    disownings.sort(key=lambda each: items.index(each[1]))
    keys = {}
    for _, facts in told("keyCertified"):
        hits = [item for name, item, other in disownings if other[name] == facts[name]]
        found = Certified(log.partition("/")[2], facts["publicKey"], hits[0] if hits else None, released)
        keys.setdefault(facts["key"], found)
    return keys
