"""The thirteen steps of docs/verify.md over one bundle; all faults are gathered."""

import json
import struct
from hashlib import sha256
from pathlib import Path

from . import keys, schema
from .archive import INDEX, Archive, NotAnArchive
from .canonical import NotCanonical, canonical, from_base64url, parse_canonical, to_base64url
from .entries import Item
from .merkle import root_from_inclusion
from .trust import Trust, signs

_SCHEMAS = json.loads(
    (Path(__file__).parents[3] / "docs" / "bundle.schema.json").read_text(encoding="utf-8")
)
_ONLY_SERVER = ("facilityFounded", "deviceEnrolled", "keyCertified")


class NotABundle(Exception):
    """Nothing was checked."""


class NewerFormat(Exception):
    """A later version of the format."""


def verify(data, root=None):
    """A report: {verdict, faults, withheld, completeAsOf?, checkpoint?}."""
    try:
        return _Check(*_open(data)).run(root)
    except NewerFormat:
        return {"verdict": "newerFormat"}
    except (NotAnArchive, NotABundle) as error:
        return {"verdict": "notBundle", "why": str(error)}


def _open(data):
    archive = Archive(data)
    return _read_index(archive.read(INDEX)), archive


def _read_index(content):
    try:
        bundle = parse_canonical(content.decode("utf-8"))
    except (UnicodeDecodeError, NotCanonical) as error:
        raise NotABundle(str(error)) from error
    if isinstance(bundle, dict) and bundle.get("format") == "lientuyen-bundle":
        version = bundle.get("v")
        if isinstance(version, float) and version > 1:
            raise NewerFormat
    if not schema.fits(_SCHEMAS["bundle"], bundle):
        raise NotABundle("bundle.json is not of its form")
    return bundle


class _Check:
    def __init__(self, bundle, archive):
        self.bundle, self.archive = bundle, archive
        self.case = f"case/{bundle['case']}"
        self.logs, self.faults, self.withheld = {}, [], []
        for each in bundle["logs"]:
            self._take(each)
        self.items = [item for items in self.logs.values() for item in items]
        self.directories = {
            log: items for log, items in self.logs.items() if log.startswith("directory/")
        }
        self.trust = Trust(self.logs.get("installation", []), self.directories)
        self.places = {}
        self._batches = {}

    def _take(self, each):
        log = each["log"]
        sort = log.partition("/")[0]
        if log in self.logs or not (log == self.case or sort in ("installation", "directory")):
            self._say("otherLog", log=log)
            return
        self.logs[log] = [Item(_SCHEMAS, log, bundled) for bundled in each["entries"]]

    def _say(self, fault, item=None, **more):
        self.faults.append({"fault": fault, **(item.names() if item is not None else {}), **more})

    def run(self, root):
        self._check_root(root)
        for log, items in self.logs.items():
            for item in items:
                self._check_item(log, item)
            self._check_chain(items)
        self._check_bodies()
        self._check_files()
        report = {}
        self._check_extent(report)
        if "tree" in self.bundle:
            self._check_tree(report)
        self._check_disowned()
        if not self.logs.get(self.case):
            self._say("noCase")
        sound = "consistent" if root is None else "authentic"
        verdict = sound if not self.faults else "unsound"
        return {"verdict": verdict, "faults": self.faults, "withheld": self.withheld, **report}

    # 2
    def _check_root(self, root):
        if self.trust.root is None:
            self._say("noFounding")
        elif root is not None and root != self.trust.root:
            self._say("otherRoot")

    # 1, 3, 5, 6
    def _check_item(self, log, item):
        if item.fault is not None:
            self._say(item.fault, item)
        if item.header is not None:
            self._check_signer(log, item)
        receipt = item.receipt
        named = log if item.header is None else item.header["log"]
        if named != log or receipt["log"] != log:
            self._say("otherLog", item)
        if receipt["entry"] != item.hash or not self._is_received(item):
            self._say("receipt", item)

    def _check_signer(self, log, item):
        public_key, may = self._signer(log, item)
        if public_key is None:
            self._say("unknownKey", item)
        elif not signs(public_key, item):
            self._say("signature", item)
        elif not may:
            self._say("wrongSigner", item)

    def _signer(self, log, item):
        trust, key = self.trust, item.key
        person, server = trust.people.get(key), trust.server_key(key)
        if log == "installation":
            if trust.root is not None and key == trust.root:
                return trust.root_key, True
            return (person.public_key if person else server), False
        if log.startswith("directory/"):
            certifier = trust.servers["certificate"].get(key)
            if certifier is not None:
                return certifier, True
            own = person is not None and person.facility == log.partition("/")[2]
            may = own and item.kind not in _ONLY_SERVER
        else:
            may = person is not None
        if person is not None:
            return person.public_key, may
        return (trust.root_key if key == trust.root else server), False

    def _is_received(self, item):
        batch = item.receipt["batch"]
        public_key = self.trust.servers["receipt"].get(batch["key"])
        head = self._head(item, batch["index"], batch["size"], batch["path"])
        if public_key is None or head is None:
            return False
        text = canonical({"root": to_base64url(head), "size": batch["size"], "v": 1})
        place = (batch["key"], batch["sig"], text)
        if place not in self._batches:
            self._batches[place] = keys.holds(public_key, batch["sig"], text)
        return self._batches[place]

    @staticmethod
    def _head(item, index, size, path):
        siblings = [from_base64url(each) for each in path]
        if item.chain is None or any(each is None for each in siblings):
            return None
        return root_from_inclusion(item.chain, int(index), int(size), siblings)

    # 7
    def _check_chain(self, items):
        for place, item in enumerate(items):
            if place > 0 and item.seq <= items[place - 1].seq:
                self._say("order", item)
        previous, expected = bytes(32), 1
        for item in sorted(items, key=lambda each: each.seq):
            if item.seq != expected:
                self._say("gap", item)
            elif item.chain != _next_chain(previous, item):
                self._say("chain", item)
            previous, expected = item.chain or bytes(32), item.seq + 1

    # 8
    def _check_bodies(self):
        for log, items in self.logs.items():
            withholdings = self._withholdings(items) if log == self.case else []
            reached = {each.body["target"] for each in withholdings}
            for item in items:
                if item.header is None or not item.is_bare:
                    continue
                hidden = item.kind in ("correction", "fileAdded") and len(reached) > 0
                if item.hash in reached or hidden:
                    self.withheld.append(item.hash)
                else:
                    self._say("bodyHash", item)

    def _withholdings(self, items):
        by_hash = {item.hash: item for item in items if item.header is not None}

        def is_own(each):
            target = by_hash.get(each.body["target"])
            if target is None or target.kind == "withheld":
                return False
            mine, theirs = self._facility(each), self._facility(target)
            return mine is not None and mine == theirs

        known = [item for item in items if item.kind == "withheld" and item.body is not None]
        return [each for each in known if is_own(each)]

    def _facility(self, item):
        person = self.trust.people.get(item.key)
        return None if person is None else person.facility

    # 9
    def _check_disowned(self):
        chains = {
            log: {item.receipt["chain"]: item.seq for item in items}
            for log, items in self.directories.items()
        }
        for log, items in self.logs.items():
            for item in items:
                disowning = self.trust.disowned.get(item.key)
                if disowning is None or item.hash in self.trust.released or item is disowning:
                    continue
                if self._is_after(log, item, disowning, chains):
                    self._say("disownedKey", item)

    def _is_after(self, log, item, disowning, chains):
        if log == disowning.log:
            return item.seq >= disowning.seq
        if item.hash in self.places and disowning.hash in self.places:
            return self.places[item.hash] > self.places[disowning.hash]
        facility = disowning.log.partition("/")[2]
        for other in self.logs.get(log, []):
            if other.header is not None and other.seq <= item.seq and self._facility(other) == facility:
                known = chains[disowning.log].get(other.header["dir"])
                if known is not None and known >= disowning.seq:
                    return True
        return item.receipt["receivedAt"] > disowning.receipt["receivedAt"]

    # 10
    def _check_files(self):
        named = set()
        for item in self.logs.get(self.case, []):
            file = _file_of(item)
            if file is None:
                continue
            named.add(file["hash"])
            name = f"files/{file['hash']}"
            if name not in self.archive.names():
                self._say("fileMissing", item, file=file["hash"])
                continue
            content = self.archive.read(name)
            digest = to_base64url(sha256(content).digest())
            if len(content) != file["size"] or digest != file["hash"]:
                self._say("fileChanged", item, file=file["hash"])
        for name in self.archive.names():
            if name != INDEX and name.partition("/")[2] not in named:
                self._say("fileStray", file=name.partition("/")[2])

    # 11
    def _check_extent(self, report):
        facts = self._signed_text(self.bundle["extent"], _SCHEMAS["extentText"])
        if facts is None:
            self._say("extent")
            return
        report["completeAsOf"] = facts["at"]
        told = {each["log"]: each for each in facts["logs"]}
        for log, each in told.items():
            last = max(self.logs.get(log, []), key=lambda item: item.seq, default=None)
            if last is None or last.seq != each["seq"] or last.receipt["chain"] != each["chain"]:
                self._say("tailCut", log=log)
        for log in self.logs:
            if log not in told:
                self._say("otherLog", log=log)

    def _signed_text(self, signed, form):
        public_key = self.trust.servers["checkpoint"].get(signed["key"])
        if public_key is None or not keys.holds(public_key, signed["sig"], signed["text"]):
            return None
        try:
            facts = parse_canonical(signed["text"])
        except NotCanonical:
            return None
        return facts if schema.fits(form, facts) else None

    # 12
    def _check_tree(self, report):
        tree = self.bundle["tree"]
        facts = self._signed_text(tree["checkpoint"], _SCHEMAS["checkpointText"])
        if facts is None:
            self._say("checkpoint")
            return
        report["checkpoint"] = {"at": facts["at"], "size": int(facts["size"]), "root": facts["root"]}
        root = from_base64url(facts["root"])
        proofs = {each["entry"]: each for each in tree["proofs"]}
        for item in self.items:
            if item.receipt["receivedAt"] > facts["at"]:
                self._say("checkpointDate", item)
            proof = proofs.get(item.hash)
            head = proof and self._head(item, proof["index"], facts["size"], proof["path"])
            if head is None or head != root:
                self._say("tree", item)
            else:
                self.places[item.hash] = int(proof["index"])


def _next_chain(previous, item):
    signature, receipt = from_base64url(item.signed["sig"]), item.receipt
    if signature is None:
        return None
    return sha256(
        previous
        + from_base64url(item.hash)
        + signature
        + struct.pack(">Q", item.seq)
        + receipt["receivedAt"].encode("ascii")
        + canonical(receipt["marks"]).encode("utf-8")
    ).digest()


def _file_of(item):
    if item.body is None:
        return None
    if item.kind == "fileAdded":
        return item.body["file"]
    inner = item.body["body"] if item.kind == "correction" else None
    file = inner.get("file") if isinstance(inner, dict) else None
    return file if file is not None and schema.fits(_SCHEMAS["fileRef"], file) else None
