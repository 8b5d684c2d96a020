"""ECDSA P-256 with SHA-256, raw r‖s; points and their fingerprints."""

from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from .canonical import from_base64url, to_base64url

_ALGORITHM = ec.ECDSA(hashes.SHA256())


@lru_cache(maxsize=4096)
def _point(text):
    """(key, fingerprint) of an uncompressed point in base64url, or None where it is none."""
    data = from_base64url(text)
    if data is None or len(data) != 65 or data[0] != 4:
        return None
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)
    except ValueError:
        return None
    return key, to_base64url(sha256(data).digest())


def holds(point, named, signature, text):
    """True where the signature over the text's UTF-8 is that of the point, whose fingerprint is `named`."""
    found, raw = _point(point), from_base64url(signature)
    if found is None or found[1] != named or raw is None or len(raw) != 64:
        return False
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    try:
        found[0].verify(der, text.encode("utf-8"), _ALGORITHM)
        return True
    except InvalidSignature:
        return False
