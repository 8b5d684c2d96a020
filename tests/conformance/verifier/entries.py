"""An entry of a bundle with its receipt, as far as it can be read (steps 1 and 2)."""

from hashlib import sha256

from . import schema
from .canonical import NotCanonical, from_base64url, parse_canonical, to_base64url


class Item:
    """One `{entry, receipt}` in its place. Where it is unreadable, `header` is None and `fault` tells the part."""

    def __init__(self, schemas, log, bundled):
        self.log = log
        self.signed, self.receipt = bundled["entry"], bundled["receipt"]
        self.hash = to_base64url(sha256(self.signed["header"].encode("utf-8")).digest())
        self.seq = int(self.receipt["seq"])
        self.chain = from_base64url(self.receipt["chain"])
        self.header, self.body, self.fault = None, None, None
        self._read(schemas)

    def _read(self, schemas):
        header = _parse(self.signed["header"])
        if header is None or from_base64url(self.signed["sig"]) is None:
            self.fault = "signature"
        elif not schema.fits(schemas["header"], header):
            self.fault = "signature"
        elif not self._read_body(header):
            self.fault = "bodyHash"
        else:
            self.header = header

    def _read_body(self, header):
        text, salt = self.signed.get("body"), self.signed.get("salt")
        if text is None and salt is None:
            return True
        if text is None or salt is None:
            return False
        body, grains = _parse(text), from_base64url(salt)
        if not isinstance(body, dict) or grains is None:
            return False
        digest = sha256(grains + text.encode("utf-8")).digest()
        self.body = body
        return to_base64url(digest) == header["bodyHash"]

    @property
    def is_readable(self):
        return self.header is not None

    @property
    def is_bare(self):
        return self.is_readable and self.body is None

    @property
    def kind(self):
        return self.header["kind"] if self.is_readable else None

    @property
    def key(self):
        return self.header["key"] if self.is_readable else None

    def facts(self, form):
        """The body, where it is there and fits."""
        return self.body if self.is_readable and self.body is not None and schema.fits(form, self.body) else None

    def names(self):
        """How a fault names the entry."""
        return {"log": self.log, "seq": self.seq, "entry": self.hash}


def _parse(text):
    try:
        return parse_canonical(text)
    except NotCanonical:
        return None
