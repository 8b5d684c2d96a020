"""RFC 9162: a leaf's hash and the head to which an inclusion path leads (2.1.3.2)."""

from hashlib import sha256


def leaf_hash(leaf):
    return sha256(b"\x00" + leaf).digest()


def _node(left, right):
    return sha256(b"\x01" + left + right).digest()


def root_from_inclusion(leaf, index, size, path):
    """The head, or None where the path is not of that place in a tree of that size."""
    if index >= size:
        return None
    place, last, head = index, size - 1, leaf_hash(leaf)
    for sibling in path:
        if last == 0:
            return None
        if place % 2 == 1 or place == last:
            head = _node(sibling, head)
            while place % 2 == 0 and place != 0:
                place >>= 1
                last >>= 1
        else:
            head = _node(head, sibling)
        place >>= 1
        last >>= 1
    return head if last == 0 else None
