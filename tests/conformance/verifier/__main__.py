"""python3 -m verifier <bundle.zip> [--root FINGERPRINT] [--deposits FOLDER]

--batch reads lines {"file", "root"?, "deposits"?: [[name, text], …]} and answers each with a report.
"""

import argparse
import json
import sys
from email import message_from_bytes
from pathlib import Path

from .check import verify


def _batch():
    for line in sys.stdin:
        asked = json.loads(line)
        report = verify(Path(asked["file"]).read_bytes(), asked.get("root"), asked.get("deposits"))
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()


def _attached(mail):
    """Texts of a saved mail's base64 parts."""
    for part in message_from_bytes(mail).walk():
        if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
            try:
                yield part.get_payload(decode=True).decode("utf-8")
            except UnicodeDecodeError:
                continue


def _one(file, root, folder):
    deposits = None
    if folder is not None:
        files = sorted(Path(folder).rglob("*.json"))
        deposits = [(each.name, each.read_text(encoding="utf-8")) for each in files]
        for each in sorted(Path(folder).rglob("*.eml")):
            deposits += [(each.name, text) for text in _attached(each.read_bytes())]
    report = verify(Path(file).read_bytes(), root, deposits)
    print(json.dumps(report, indent=2, ensure_ascii=False))
    compared = deposits is None or report.get("confirmed") is not None
    return 0 if report["verdict"] in ("authentic", "consistent") and compared else 1


def main(args):
    if args == ["--batch"]:
        _batch()
        return 0
    parser = argparse.ArgumentParser(prog="verifier", usage=__doc__)
    parser.add_argument("file")
    parser.add_argument("--root")
    parser.add_argument("--deposits")
    # A fingerprint may begin with a dash.
    at = args.index("--root") if "--root" in args[:-1] else len(args)
    asked = parser.parse_args([*args[:at], *(["=".join(args[at : at + 2])] if at < len(args) else []), *args[at + 2 :]])
    return _one(asked.file, asked.root, asked.deposits)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
