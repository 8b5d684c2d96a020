"""RFC 9162: where an inclusion path leads (2.1.3.2), and whether one tree is another's beginning (2.1.4.2)."""

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


def is_beginning(older, newer, path):
    """True where the tree (size, root) is shown to be the beginning of the newer one."""
    (size, root), (new_size, new_root) = older, newer
    if not 1 <= size <= new_size:
        return False
    if size == new_size:
        return not path and root == new_root
    steps = [root, *path] if size & (size - 1) == 0 else list(path)
    if not steps:
        return False
    place, last = size - 1, new_size - 1
    while place % 2 == 1:
        place, last = place >> 1, last >> 1
    old_head = new_head = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if place % 2 == 1 or place == last:
            old_head, new_head = _node(sibling, old_head), _node(sibling, new_head)
            while place % 2 == 0 and place != 0:
                place, last = place >> 1, last >> 1
        else:
            new_head = _node(new_head, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old_head == root and new_head == new_root
