"""Refuses the words that ops/design/style.md replaced, where the project's own words stand.

Two lists: names of types that were renamed, which may come back nowhere in Swift; and words of prose that have a better one in
the glossary, which may not stand in the product's Swift (code and comments), in the README and in what contributors read.
Strings are left out: chat texts, item attributes and Redis' fields are outside names, which the golden tests hold.
Exit status 1 where one is found.
"""

import pathlib
import re
import sys

RENAMED = """
AccessNews AccountExamination AccountObstacle AuthorityBundle BaselineDesk CallGate CallPlan ChangeNote ChunkNote
ClientMemory CourierEffects CourierEvent DirtyLedger DiscoveryLedger DoubtPause ErrorInGoodAnswer FindingRows
FleetGate HomeExamination ImageClass ImageNews ImagePlace ImageTrouble ImageVerdict IndexSight JudgedAccount
JudgedImage JudgedRegistry JudgedRepository KnownRegistry LapseNews LapsedImage LeadTrust LedStore MessageEditor
MessageMemory MessageRows MessageShelf NewsEvent NewsGrouping NewsRoom NewsStore NewsText NotePage NoteRows
NoteSchedule ObstacleRows PagesLost PatientClient PieceSeal PlaceSurvey PlaceWatch PromptSockets QueueFlow QueuePage
QuietTimes RecentlyUsed RegistryExamination RegistryPart RegistryPass RepositoryNews RepositoryPlace RepositorySight
RepositoryWork RetryCourse RoomNews RuleMemory RuleRows ScanLedger ScanMark ScanRound ScanVerdict ScopeNews SeedPiece
SeedReport SlowPlaces StandingFindings SuppressionCensus SweepGlance SweepLedger SweepStarter TableExamination
ToldChange ToldMark ToldObstacles VulnerabilityNews WatchedPlace WorkCursor WorkOutcome WorkProgress
""".split()
WORDS = {
    r"told|untold|retold|telling": "announced, reported, said",
    r"tidings?": "change",
    r"courier": "outbox dispatcher",
    r"anew": "again",
    r"another life|second life": "replay",
    r"looked into": "read, collected",
    r"ledger": "store, records, log",
    r"sight": "observation",
    r"news": "change, notification",
}
PRODUCT = ["Sources"]
TOOLS = {"SimulatedAWS", "scanfleet-simulator", "scanfleet-faults", "Benchmarks", "scanfleet-bench"}
PROSE = ["README.md", ".github", "ops/guides/notifications.md", "ops/guides/report.md", "ops/guides/configuration.md"]
# Of a line of Swift: a text in quotes.
STRING = re.compile(r'"(?:[^"\\\\]|\\\\.)*"')
# Chat texts that nest quotes, which STRING does not see through; the golden tests hold these texts.
CHAT_TEXTS = {"MessageText.swift", "MessageText+State.swift"}


def lines(path):
    """Yields the numbered lines without their strings; what stands between three quotes is text too."""
    inside = False
    for number, line in enumerate(path.read_text().split("\n"), 1):
        if line.count('"""') % 2:
            inside = not inside
            continue
        if not inside:
            yield number, STRING.sub("", line) if path.suffix == ".swift" else line


def files(roots, *endings):
    """All files below `roots` that end in one of `endings`, sorted."""
    for root in map(pathlib.Path, roots):
        found = [root] if root.is_file() else sorted(root.rglob("*"))
        yield from (path for path in found if path.suffix in endings)


def complaints():
    """Yields a line for each word that stands where it should not."""
    renamed = re.compile(r"\b(" + "|".join(RENAMED) + r")\b")
    for path in files(["Sources", "Tests"], ".swift"):
        for number, line in lines(path):
            for match in renamed.finditer(line):
                yield f"{path}:{number}: {match.group(0)} was renamed: see ops/design/style.md"
    words = [(re.compile(rf"\b(?:{word})\b", re.IGNORECASE), better) for word, better in WORDS.items()]
    for path in [*files(PRODUCT, ".swift"), *files(PROSE, ".md", ".yml")]:
        if TOOLS & set(path.parts) or path.name in CHAT_TEXTS:
            continue
        for number, line in lines(path):
            for word, better in words:
                if match := word.search(line):
                    yield f"{path}:{number}: {match.group(0)}: say {better} (ops/design/style.md)"


def main():
    found = list(complaints())
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(1 if found else 0)


main()
