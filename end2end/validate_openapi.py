"""Validates the documents that a portal exports.

usage: python validate_openapi.py URL LIST COUNTS
  URL     a portal
  LIST    a file with a line for each document: its path below /docs, a tab, and the file that it was imported from or "-"
  COUNTS  gets a line `PASSED FAILED`

What fails is an export of a document that was valid before. A document that its own authors left invalid is named with
the reason, and counts neither way.
"""

import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from openapi_spec_validator import validate
from openapi_spec_validator.readers import read_from_filename

SLOW = 5  # seconds; such a document is named with its time


def main():
    portal, documents, counts = sys.argv[1:]
    lines = [line.split("\t") for line in Path(documents).read_text().splitlines()]
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(2) as pool:
        exports = [fetched(portal, place, Path(folder) / f"{number}.json") for number, (place, _) in enumerate(lines)]
        results = list(pool.map(judged, exports, [original for _, original in lines]))
    passed = failed = 0
    for (place, original), (seconds, fault, fault_before) in zip(lines, results):
        name = place if original == "-" else Path(original).name
        if seconds > SLOW:
            print(f"{name} took {seconds:.0f} s")
        if fault is None:
            passed += 1
        elif fault_before is not None:
            print(f"not valid before: {original}: {fault_before}")
        else:
            failed += 1
            print(f"FAILED: {place}, imported from {original}: {fault}")
    Path(counts).open("a").write(f"{passed} {failed}\n")
    print(f"{passed} of {len(lines)} exported documents are valid, {failed} became invalid")
    sys.exit(1 if failed or not passed else 0)


def fetched(portal, place, path):
    with urllib.request.urlopen(f"{portal}/docs/{place}/openapi.json") as answer:
        path.write_bytes(answer.read())
    return str(path)


def judged(export, original):
    """How long the export took, what is wrong with it, and what was wrong with the original."""
    started = time.monotonic()
    fault = fault_of(export)
    seconds = time.monotonic() - started
    return seconds, fault, fault_of(original) if fault and original != "-" else None


def fault_of(path):
    try:
        document, base = read_from_filename(path)
        validate(document, base_uri=base)
    except Exception as error:  # of any kind: it is told, not handled
        return f"{type(error).__name__}: {error}".splitlines()[0][:200]
    return None


if __name__ == "__main__":
    main()
