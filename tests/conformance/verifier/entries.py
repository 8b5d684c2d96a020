"""An entry of a bundle with its receipt, as far as it can be read."""

from hashlib import sha256

from . import schema
from .canonical import NotCanonical, from_base64url, parse_canonical, to_base64url


class Item:
    """One `{entry, receipt}` in its place. `header` is None where it is not of its form."""

    def __init__(self, schemas, log, bundled):
        self.log = log
        self.signed, self.receipt = bundled["entry"], bundled["receipt"]
        self.hash = to_base64url(sha256(self.signed["header"].encode("utf-8")).digest())
        self.seq = int(self.receipt["seq"])
        self.chain = from_base64url(self.receipt["chain"])
        self.header = _read(schemas["header"], self.signed["header"])
        self.kind = None if self.header is None else self.header["kind"]
        self.key = None if self.header is None else self.header["key"]
        self.body, self.fault = None, None
        if self.header is None:
            self.fault = "form"
        elif "body" in self.signed:
            self._read_body(schemas)

    @property
    def is_bare(self):
        return "body" not in self.signed

    def _read_body(self, schemas):
        sort = self.log.partition("/")[0]
        body = _read(schemas["bodies"].get(sort, {}).get(self.kind, {}), self.signed["body"])
        salt = from_base64url(self.signed["salt"])
        if body is None or salt is None:
            self.fault = "form"
            return
        digest = sha256(salt + self.signed["body"].encode("utf-8")).digest()
        if to_base64url(digest) != self.header["bodyHash"]:
            self.fault = "bodyHash"
            return
        self.body = body

    def names(self):
        """How a fault names the entry."""
        return {"log": self.log, "seq": self.seq, "entry": self.hash}


def _read(form, text):
    try:
        value = parse_canonical(text)
    except NotCanonical:
        return None
    return value if schema.fits(form, value) else None
