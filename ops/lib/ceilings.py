"""Checks the ceilings of ops/design/style.md and prints what stands above them; exit status 1 when anything does.

A file has at most 300 lines, a function 40, a parameter list 6. Nine of ten `package` declarations carry a sentence.
A function is told apart by its `func` or `init` line and ends with the brace at the same indentation, which the formatter
guarantees.
"""

import pathlib
import re
import sys

FILE_LINES = 300
FUNCTION_LINES = 40
PARAMETERS = 6
DOCUMENTED = 0.9
# Initialisers that are above the ceiling, by file and count: the list may only get shorter (roadmap, ops/guides/development.md).
WIDE = {
    "AWSCore/AWSRuntime.swift": 7,
    "ChangeFeed/StreamRound.swift": 7,
    "Discovery/InventoryStore.swift": 7,
    "Domain/Finding.swift": 7,
    "Domain/SweepState.swift": 7,
    "FleetRoles/Settings/Settings.swift": 14,
    "JobQueue/Jobs/JobConsumer.swift": 8,
    "Notifications/Detection/AggregatorEffects.swift": 7,
}
START = re.compile(r"^(\s*)(?:[\w@()]+ )*(?:func \S+|init[?(<])")
PACKAGE = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))? )*(?:package|public) (?:\w+\(set\) )?"
    r"(?:(?:final|static|mutating|indirect|nonisolated|consuming) )*"
    r"(?:func|var|let|init|struct|enum|class|actor|protocol|typealias|subscript)\b"
)
PROTOCOL = re.compile(r"^(?:package |public )?protocol .*?^}", re.MULTILINE | re.DOTALL)
REQUIREMENT = re.compile(r"^    (?:static |mutating )?(?:func|var|associatedtype) `?(\w+)", re.MULTILINE)
NAME = re.compile(r"\b(?:func|var|let|struct|enum|class|actor|protocol|typealias) `?([\w=<]+)")
# Requirements of the standard library's protocols.
STANDARD = {"==", "<", "hash", "description", "rawValue", "next", "makeAsyncIterator", "encode", "checkIsolated", "enqueue"}
SIGNATURE = re.compile(r"(?<![.\w])(?:init[?]?|func [\w`]+)(?:<[^>{]*>)?\(")


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


def parameters(text):
    """Yields (line number, count) of every parameter list."""
    for match in SIGNATURE.finditer(text):
        depth, count, seen = 1, 0, False
        for character in text[match.end() :]:
            if character in "([{":
                depth += 1
            elif character in ")]}":
                depth -= 1
                if depth == 0:
                    break
            elif character == "," and depth == 1:
                count, seen = count + 1, False
                continue
            seen = seen or not character.isspace()
        yield text.count("\n", 0, match.start()) + 1, count + seen


def requirements(texts):
    """The names that protocols ask for: what answers them inherits the protocol's sentence, as in DocC."""
    bodies = (body.group(0) for text in texts for body in PROTOCOL.finditer(text))
    return STANDARD | {name for body in bodies for name in REQUIREMENT.findall(body)}


def undocumented(lines, inherited):
    """Splits the `package` declarations into those with a sentence and the numbers of the lines without one."""
    documented, bare = 0, []
    for number, line in enumerate(lines):
        if not PACKAGE.match(line):
            continue
        name = NAME.search(line)
        if name and name.group(1) in inherited:
            continue
        above = number - 1
        while above >= 0 and lines[above].lstrip().startswith("@"):
            above -= 1
        if above >= 0 and lines[above].lstrip().startswith("///"):
            documented += 1
        else:
            bare.append(number + 1)
    return documented, bare


def check(path, inherited, complain):
    """Complains of one file; returns how many declarations it documents and how many it does not."""
    text = path.read_text()
    lines = text.split("\n")
    if len(lines) - 1 > FILE_LINES:
        complain(f"{path}: {len(lines) - 1} lines, the ceiling is {FILE_LINES}")
    for name, number, length in functions(lines):
        if length > FUNCTION_LINES:
            complain(f"{path}:{number}: {length} lines, the ceiling is {FUNCTION_LINES}: {name}")
    allowed = WIDE.get("/".join(path.parts[1:]), PARAMETERS)
    widest = 0
    for number, count in parameters(text):
        widest = max(widest, count)
        if count > allowed:
            complain(f"{path}:{number}: {count} parameters, the ceiling is {allowed}")
    if widest < allowed > PARAMETERS:
        complain(f"{path}: WIDE in ops/lib/ceilings.py allows {allowed} parameters, and {widest} are there: shorten the list")
    documented, bare = undocumented(lines, inherited)
    if "--bare" in sys.argv:
        for number in bare:
            print(f"{path}:{number}: {lines[number - 1].strip()}")
    return documented, len(bare)


def main():
    complaints, documented, bare = [], 0, 0
    paths = sorted(pathlib.Path(sys.argv[1]).rglob("*.swift"))
    inherited = requirements(path.read_text() for path in paths)
    for path in paths:
        with_sentence, without = check(path, inherited, complaints.append)
        documented, bare = documented + with_sentence, bare + without
    share = documented / max(1, documented + bare)
    if share < DOCUMENTED:
        complaints.append(f"fewer than {DOCUMENTED:.0%} of the package declarations have a sentence: --bare lists those without")
    print(*complaints, sep="\n", end="\n" if complaints else "")
    print(f"{share:.1%} of {documented + bare} package declarations are documented")
    sys.exit(1 if complaints else 0)


main()
