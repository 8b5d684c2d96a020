"""Whose key is whose: the installation's log and the folded directories (steps 2 to 4)."""

from . import keys


class Person:
    def __init__(self, facility, device, public_key):
        self.facility, self.device, self.public_key = facility, device, public_key


class Trust:
    """Server keys by use, people's keys by fingerprint, who disowned a key, what was released."""

    def __init__(self, installation, directories):
        self.root, self.root_key = None, None
        self.servers = {"receipt": {}, "certificate": {}, "checkpoint": {}, "sealing": {}}
        self.people, self.disowned, self.released = {}, {}, set()
        self._found(installation)
        for item in installation:
            self._certify_server(item)
        for log, items in directories.items():
            self._fold(log.partition("/")[2], items)

    def _found(self, installation):
        first = installation[0] if installation else None
        if first is None or first.kind != "installationFounded" or first.body is None:
            return
        found = keys.point(first.body["rootKey"])
        if found is not None and found[1] == first.key:
            self.root_key, self.root = found

    def _certify_server(self, item):
        if item.kind != "serverKeyCertified" or item.body is None or not self.is_of_root(item):
            return
        found = keys.point(item.body["publicKey"])
        if found is not None and found[1] == item.body["key"]:
            self.servers[item.body["use"]][found[1]] = found[0]

    def is_of_root(self, item):
        return self.root is not None and item.key == self.root and signs(self.root_key, item)

    def _fold(self, facility, items):
        devices = {}
        for item in items:
            if item.body is None:
                continue
            if item.kind == "keyCertified":
                self._certify_person(facility, item)
        own = {key: person for key, person in self.people.items() if person.facility == facility}
        for item in items:
            if item.body is None or not self._may_sign(facility, item):
                continue
            if item.kind == "keyDisowned":
                self._disown(item.body["key"], item, own)
            elif item.kind == "deviceDisowned":
                devices.setdefault(item.body["device"], item)
            elif item.kind == "entryReleased":
                self.released.add(item.body["entry"])
        for key, person in own.items():
            if person.device in devices:
                self._disown(key, devices[person.device], own)

    def _certify_person(self, facility, item):
        certifier = self.servers["certificate"].get(item.key)
        if certifier is None or not signs(certifier, item):
            return
        found = keys.point(item.body["publicKey"])
        if found is not None and found[1] == item.body["key"]:
            person = Person(facility, item.body["device"], found[0])
            self.people.setdefault(found[1], person)

    def _may_sign(self, facility, item):
        certifier = self.servers["certificate"].get(item.key)
        if certifier is not None:
            return signs(certifier, item)
        person = self.people.get(item.key)
        return person is not None and person.facility == facility and signs(person.public_key, item)

    def _disown(self, key, item, own):
        if key not in own:
            return
        earlier = self.disowned.get(key)
        if earlier is None or item.seq < earlier.seq:
            self.disowned[key] = item

    def server_key(self, key):
        for named in self.servers.values():
            if key in named:
                return named[key]
        return None


def signs(public_key, item):
    return keys.holds(public_key, item.signed["sig"], item.signed["header"])
