"""Checks the ceilings of the style: files of 300 lines and functions of 40, and prints what stands above them.

A function is told by its `func` or `init` line and ends with the brace at the same indentation, which the formatter
guarantees. Exit status 1 when something is too long.
"""

import pathlib
import re
import sys

FILE_LINES = 300
FUNCTION_LINES = 40
START = re.compile(r"^(\s*)(?:[\w@()]+ )*(?:func \S+|init[?(<])")


def functions(lines):
    """Yields (name line, first line, length) of every function with a body of several lines."""
    for number, line in enumerate(lines):
        match = START.match(line)
        if not match:
            continue
        indent = match.group(1)
        for end in range(number, len(lines)):
            if lines[end] == indent + "}":
                yield line.strip(), number + 1, end - number + 1
                break
            if end == number and line.rstrip().endswith("}"):
                break
            if end > number and START.match(lines[end]) and START.match(lines[end]).group(1) == indent:
                break


def main():
    failed = False
    for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.swift")):
        lines = path.read_text().split("\n")
        if len(lines) - 1 > FILE_LINES:
            print(f"{path}: {len(lines) - 1} lines, the ceiling is {FILE_LINES}")
            failed = True
        for name, number, length in functions(lines):
            if length > FUNCTION_LINES:
                print(f"{path}:{number}: {length} lines, the ceiling is {FUNCTION_LINES}: {name}")
                failed = True
    sys.exit(1 if failed else 0)


main()
