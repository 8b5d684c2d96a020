"""The fourteen steps of docs/verify.md over one bundle; all faults are gathered."""

import json
import struct
from hashlib import sha256
from pathlib import Path

from . import keys, schema
from .archive import INDEX, Archive, NotAnArchive
from .canonical import NotCanonical, canonical, from_base64url, parse_canonical, to_base64url
from .entries import Item
from .deposits import Deposits, continues, signed_facts
from .merkle import root_from_inclusion
from .trust import Trust

_SCHEMAS = json.loads(
    (Path(__file__).parents[3] / "docs" / "bundle.schema.json").read_text(encoding="utf-8")
)
_SERVERS_OWN = ("facilityFounded", "deviceEnrolled", "keyCertified")
_FOLLOWERS = ("correction", "fileAdded")


class NotABundle(Exception):
    """Nothing was checked."""


class NewerFormat(Exception):
    """A later version of the format."""


def verify(data, root=None, deposits=None):
    """A report: {verdict, faults, withheld, root, completeAt, checkpoint, confirmed}, or the verdict alone.

    `deposits`: (name, text) of the checkpoints that others keep.
    """
    try:
        archive = Archive(data)
        return _Check(_read_index(archive.read(INDEX)), archive).run(root, deposits)
    except NewerFormat:
        return {"verdict": "newerFormat"}
    except (NotAnArchive, NotABundle) as error:
        return {"verdict": "notBundle", "why": str(error)}


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
    names = [each["log"] for each in bundle["logs"]]
    if len(set(names)) != len(names):
        raise NotABundle("a log twice")
    return bundle


class _Check:
    def __init__(self, bundle, archive):
        self.bundle, self.archive = bundle, archive
        self.case = f"case/{bundle['case']}"
        self.faults, self.withheld, self.places = [], [], {}
        self.complete_at, self.checkpoint, self.since = None, None, None
        self.logs = self._take(bundle["logs"])
        directories = {log: items for log, items in self.logs.items() if _is_directory(log)}
        self.trust = Trust(_SCHEMAS, self.logs.get("installation", []), directories)
        self._batches = {}

    def run(self, root, deposits):
        self._check_root(root)
        for items in self.logs.values():
            for item in items:
                self._check_signer(item)
                self._check_receipt(item)
            self._check_order(items)
            self._check_chain(items)
        self._check_bodies()
        self._check_extent()
        if "tree" in self.bundle:
            self._check_tree(self.bundle["tree"])
        self._check_disowned()
        self._check_files()
        self._check_earlier(self.bundle.get("earlier", []))
        confirmed = None if deposits is None else self._compare(deposits)
        sound = "consistent" if root is None else "authentic"
        return {
            "verdict": "broken" if self.faults else sound,
            "faults": self.faults,
            "withheld": self.withheld,
            "root": self.trust.root,
            "completeAt": self.complete_at,
            "checkpoint": _told(self.checkpoint),
            "confirmed": confirmed,
        }

    def _say(self, fault, item=None, **more):
        self.faults.append({"fault": fault, **(item.names() if item is not None else {}), **more})

    # 1
    def _take(self, listed):
        """Items by log, in the order listed, without those that are set aside."""
        logs, seen = {}, set()
        for each in listed:
            for bundled in each["entries"]:
                item = Item(_SCHEMAS, each["log"], bundled)
                if not self._is_here(item):
                    self._say("otherLog", item)
                elif item.hash in seen:
                    self._say("repeated", item)
                else:
                    logs.setdefault(item.log, []).append(item)
                seen.add(item.hash)
        if self.case not in logs:
            self._say("noCase")
        return logs

    def _is_here(self, item):
        known = item.log in ("installation", self.case) or _is_directory(item.log)
        own = item.log if not item.is_readable else item.header["log"]
        return known and item.receipt["log"] == item.log and own == item.log

    # 3
    def _check_root(self, root):
        if self.trust.root is None:
            self._say("noFounding")
        elif root is not None and root != self.trust.root:
            self._say("otherRoot")

    # 2 and 6
    def _check_signer(self, item):
        if not item.is_readable:
            self._say(item.fault, item)
            return
        point = self._point_for(item)
        if point is None:
            self._say("unknownKey", item)
        elif not keys.holds(point, item.key, item.signed["sig"], item.signed["header"]):
            self._say("signature", item)
        if _is_directory(item.log) and self._is_wrong_signer(item):
            self._say("wrongSigner", item)

    def _point_for(self, item):
        trust, key = self.trust, item.key
        if item.log == "installation":
            return trust.root_point if key == trust.root else None
        if key in trust.people:
            return trust.people[key].point
        return trust.servers["certificate"].get(key) if _is_directory(item.log) else None

    def _is_wrong_signer(self, item):
        if item.key in self.trust.servers["certificate"]:
            return False
        person = self.trust.people.get(item.key)
        foreign = person is not None and person.facility != item.log.partition("/")[2]
        return item.kind in _SERVERS_OWN or foreign

    # 7
    def _check_receipt(self, item):
        if item.receipt["entry"] != item.hash or not self._is_signed(item.receipt):
            self._say("receipt", item)

    def _is_signed(self, receipt):
        batch = receipt["batch"]
        point = self.trust.servers["receipt"].get(batch["key"])
        head = _head(receipt["chain"], batch["index"], batch["size"], batch["path"])
        if point is None or head is None:
            return False
        text = canonical({"root": to_base64url(head), "size": batch["size"], "v": 1})
        asked = (batch["key"], batch["sig"], text)
        if asked not in self._batches:
            self._batches[asked] = keys.holds(point, *asked)
        return self._batches[asked]

    # 8
    def _check_order(self, items):
        for before, item in zip(items, items[1:]):
            if item.seq <= before.seq:
                self._say("order", item)

    def _check_chain(self, items):
        chain, seq = bytes(32), 0
        for item in sorted(items, key=lambda each: each.seq):
            if item.seq > seq + 1:
                self._say("gap", item, seq=seq + 1)
            elif item.chain is None or item.chain != _next_chain(chain, item.receipt, item.signed["sig"]):
                self._say("chain", item)
            chain, seq = item.chain, item.seq

    # 9
    def _check_bodies(self):
        cases = self.logs.get(self.case, [])
        targets = self._withheld_targets(cases)
        any_withheld = any(item.kind == "withheld" for item in cases)
        for log, items in self.logs.items():
            for item in items:
                if not item.is_bare:
                    continue
                follows = any_withheld and item.kind in _FOLLOWERS
                if log == self.case and (item.hash in targets or follows):
                    self.withheld.append(item.hash)
                else:
                    self._say("bodyHash", item)

    def _withheld_targets(self, items):
        by_hash = {item.hash: item for item in items if item.is_readable}
        targets = set()
        for item in items:
            facts = item.facts(_SCHEMAS["bodies"]["case"]["withheld"])
            if item.kind != "withheld" or facts is None:
                continue
            target = by_hash.get(facts["target"])
            if target is None or target.kind == "withheld":
                continue
            if self._facility(item) == self._facility(target):
                targets.add(target.hash)
        return targets

    def _facility(self, item):
        person = self.trust.people.get(item.key)
        return None if person is None else person.facility

    # 10
    def _check_disowned(self):
        for log, items in self.logs.items():
            for item in items:
                certified = self.trust.people.get(item.key)
                disowning = None if certified is None else certified.disowning
                if disowning is None or item.hash in certified.released:
                    continue
                if self._is_after(log, item, disowning):
                    self._say("disownedKey", item)

    def _is_after(self, log, item, disowning):
        if log == disowning.log:
            return item.seq > disowning.seq
        if log != self.case:
            return False
        if item.hash in self.places and disowning.hash in self.places:
            return self.places[item.hash] > self.places[disowning.hash]
        return self._is_known(item, disowning) or (
            item.receipt["receivedAt"] > disowning.receipt["receivedAt"]
        )

    def _is_known(self, item, disowning):
        """An author of that facility, no later in the case, named the directory as it was from then on."""
        directory = self.logs[disowning.log]
        later = {each.receipt["chain"] for each in directory if each.seq >= disowning.seq}
        facility = disowning.log.partition("/")[2]
        return any(
            other.is_readable
            and other.seq <= item.seq
            and self._facility(other) == facility
            and other.header["dir"] in later
            for other in self.logs[self.case]
        )

    # 11
    def _check_extent(self):
        facts = self._signed_text(self.bundle["extent"], _SCHEMAS["extentText"])
        if facts is None:
            self._say("extent")
            return
        self.complete_at = facts["at"]
        for end in facts["logs"]:
            last = self.logs.get(end["log"], [None])[-1]
            if last is None or last.seq != end["seq"] or last.receipt["chain"] != end["chain"]:
                self._say("tailCut", last, log=end["log"], seq=int(end["seq"]))
        told = {end["log"] for end in facts["logs"]}
        for log, items in self.logs.items():
            if log not in told:
                self._say("otherLog", items[-1])

    def _signed_text(self, signed, form):
        """What a checkpoint key signed, where it did and the text is of that form."""
        point = self.trust.servers["checkpoint"].get(signed["key"])
        if point is None or not keys.holds(point, signed["key"], signed["sig"], signed["text"]):
            return None
        try:
            facts = parse_canonical(signed["text"])
        except NotCanonical:
            return None
        return facts if schema.fits(form, facts) else None

    # 12
    def _check_tree(self, tree):
        keys_named = self.trust.servers["checkpoint"]
        facts = signed_facts(_SCHEMAS, keys_named, tree["checkpoint"])
        if facts is None:
            self._say("checkpoint")
            return
        self.checkpoint, root = facts, from_base64url(facts["root"])
        if "since" in tree:
            since = signed_facts(_SCHEMAS, keys_named, tree["since"]["checkpoint"])
            if since is not None and continues(since, facts, tree["since"]["path"]):
                self.since = since
            else:
                self._say("checkpointSince")
        proofs = {each["entry"]: each for each in tree["proofs"]}
        for item in (item for items in self.logs.values() for item in items):
            if item.receipt["receivedAt"] > facts["at"]:
                self._say("checkpointDate", item)
            proof = proofs.get(item.hash)
            if proof is None or _head(item.receipt["chain"], proof["index"], facts["size"], proof["path"]) != root:
                self._say("tree", item)
            else:
                self.places[item.hash] = int(proof["index"])

    def _compare(self, deposits):
        own = [facts for facts in (self.checkpoint, self.since) if facts is not None]
        kept = Deposits(_SCHEMAS, deposits, self.trust)
        for name in kept.forks(own):
            self._say("fork", file=name)
        return kept.confirmed(own)

    # 13
    def _check_files(self):
        here, named, contents = set(self.archive.names()), set(), {}
        for item in self.logs.get(self.case, []):
            file = _file_of(item)
            if file is None:
                continue
            name = f"files/{file['hash']}"
            named.add(name)
            if name not in here:
                self._say("fileMissing", item, file=file["hash"])
                continue
            if name not in contents:
                content = self.archive.read(name)
                contents[name] = (len(content), to_base64url(sha256(content).digest()))
            if contents[name] != (file["size"], file["hash"]):
                self._say("fileChanged", item, file=file["hash"])
        for name in self.archive.names():
            if name != INDEX and name not in named:
                self._say("fileStray", file=name.partition("/")[2])

    # 14
    def _check_earlier(self, receipts):
        by_hash = {item.hash: item for items in self.logs.values() for item in items}
        known = {}
        for item in by_hash.values():
            known.setdefault((item.log, item.seq), set()).add(item.receipt["chain"])
            known[(item.log, 0)] = {to_base64url(bytes(32))}
        statements = self._epochs_started()
        for receipt in sorted(receipts, key=lambda each: each["seq"]):
            item, log, seq = by_hash.get(receipt["entry"]), receipt["log"], int(receipt["seq"])
            named = {"seq": seq} if item is not None else {"seq": seq, "log": log}
            here = known.setdefault((log, seq), set())
            if not self._is_proven(receipt, item, here, known.get((log, seq - 1), set())):
                self._say("earlierReceipt", item, **named)
                continue
            here.add(receipt["chain"])
            now = item.receipt["receivedAt"]
            if not any(receipt["receivedAt"] < at <= now for at in statements):
                self._say("doubled", item, **named)

    def _is_proven(self, receipt, item, here, before):
        if item is None or item.log != receipt["log"] or receipt["chain"] in here:
            return False
        links = (_next_chain(from_base64url(each), receipt, item.signed["sig"]) for each in before)
        chain = from_base64url(receipt["chain"])
        return self._is_signed(receipt) and chain is not None and chain in links

    def _epochs_started(self):
        form = _SCHEMAS["bodies"]["installation"]["epochStarted"]
        told = [(item, item.facts(form)) for item in self.logs.get("installation", [])]
        return [
            item.receipt["receivedAt"]
            for item, facts in told
            if item.kind == "epochStarted" and facts is not None and facts["epoch"] > 1
        ]


def _told(facts):
    if facts is None:
        return None
    return {"at": facts["at"], "size": int(facts["size"]), "root": facts["root"]}


def _is_directory(log):
    return log.startswith("directory/")


def _head(chain, index, size, path):
    leaf, siblings = from_base64url(chain), [from_base64url(each) for each in path]
    if leaf is None or any(each is None for each in siblings):
        return None
    return root_from_inclusion(leaf, int(index), int(size), siblings)


def _next_chain(previous, receipt, sig):
    entry, signature = from_base64url(receipt["entry"]), from_base64url(sig)
    if previous is None or entry is None or signature is None:
        return None
    marks = canonical(receipt["marks"]).encode("utf-8")
    link = struct.pack(">Q", int(receipt["seq"])) + receipt["receivedAt"].encode("ascii") + marks
    return sha256(previous + entry + signature + link).digest()


def _file_of(item):
    if not item.is_readable or item.body is None:
        return None
    if item.kind == "fileAdded":
        holder = item.body
    else:
        holder = item.body.get("body") if item.kind == "correction" else None
    file = holder.get("file") if isinstance(holder, dict) else None
    return file if file is not None and schema.fits(_SCHEMAS["fileRef"], file) else None
