"""Checkpoints, and the copies of them that others keep."""

from . import keys, schema
from .canonical import NotCanonical, from_base64url, parse_canonical
from .merkle import is_beginning


def signed_facts(schemas, named, checkpoint):
    """What a checkpoint says, where one of the named keys signed it and it is of its form."""
    point = named.get(checkpoint["key"])
    if point is None or not keys.holds(point, checkpoint["key"], checkpoint["sig"], checkpoint["text"]):
        return None
    facts = _parse(checkpoint["text"])
    if not schema.fits(schemas["checkpointText"], facts) or from_base64url(facts["root"]) is None:
        return None
    return facts


def _parse(text):
    try:
        return parse_canonical(text)
    except NotCanonical:
        return None


def _place(facts):
    return facts["epoch"], facts["size"]


def continues(older, newer, path):
    steps = [from_base64url(each) for each in path]
    if older["epoch"] != newer["epoch"] or any(each is None for each in steps):
        return False
    trees = [(int(each["size"]), from_base64url(each["root"])) for each in (older, newer)]
    return is_beginning(*trees, steps)


class Deposits:
    """Those of the installation that a key of the bundle signed: (name, deposit, facts)."""

    def __init__(self, schemas, files, trust):
        self._kept = []
        for name, text in files:
            deposit = _parse(text)
            if not schema.fits(schemas["deposit"], deposit) or deposit["root"] != trust.root:
                continue
            facts = signed_facts(schemas, trust.servers["checkpoint"], deposit["checkpoint"])
            if facts is not None:
                self._kept.append((name, deposit, facts))

    def forks(self, own):
        """Names of those that tell another history than the bundle's or than one another."""
        by_place = {}
        for facts in [*own, *(facts for _, _, facts in self._kept)]:
            by_place.setdefault(_place(facts), []).append(facts)
        names = []
        for name, deposit, facts in self._kept:
            others = by_place[_place(facts)]
            before = by_place.get((facts["epoch"], deposit["since"]), [])
            if any(each["root"] != facts["root"] for each in others) or not all(
                continues(each, facts, deposit["path"]) for each in before
            ):
                names.append(name)
        return names

    def confirmed(self, own):
        """The first that the bundle's history holds."""
        for name, _, facts in self._kept:
            if any(_place(facts) == _place(each) and facts["root"] == each["root"] for each in own):
                return name
        return None
