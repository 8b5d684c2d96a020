"""python3 -m verifier bundle.zip [--root FINGERPRINT], or --batch: a line {"file", "root"?} in, a report out."""

import json
import sys
from pathlib import Path

from .check import verify


def _batch():
    for line in sys.stdin:
        asked = json.loads(line)
        report = verify(Path(asked["file"]).read_bytes(), asked.get("root"))
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()


def _one(file, root):
    report = verify(Path(file).read_bytes(), root)
    print(json.dumps(report, indent=2, ensure_ascii=False))
    return 0 if report["verdict"] in ("authentic", "consistent") else 1


def main(args):
    if args == ["--batch"]:
        _batch()
        return 0
    if len(args) == 1:
        return _one(args[0], None)
    if len(args) == 3 and args[1] == "--root":
        return _one(args[0], args[2])
    print(__doc__, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
