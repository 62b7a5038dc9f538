"""The words that made reports consist of."""

FIELDS = ["id", "severity", "package", "version", "fixed_version", "score", "seen"]
SEVERITIES = {"CRITICAL": 1, "HIGH": 5, "MEDIUM": 46, "LOW": 36, "INFORMATIONAL": 8, "UNTRIAGED": 2, "UNDEFINED": 2}
RANK = {name: rank for rank, name in enumerate(reversed(SEVERITIES))}
SCORES = {"CRITICAL": (9, 10), "HIGH": (7, 8.9), "MEDIUM": (4, 6.9), "LOW": (0.1, 3.9)}
REGIONS = ["eu-west-1", "us-east-1", "eu-central-1", "ap-southeast-2"]
NAMES = "platform payments checkout search identity media data-lake edge mobile growth ledger risk audit support labs".split()
SERVICES = (
    "api web worker gateway cron importer exporter proxy scheduler mailer renderer indexer console agent sync".split()
)
PACKAGES = """openssl glibc zlib curl libxml2 expat sqlite3 perl bash systemd openssh gnutls krb5 libtiff libpng ncurses
util-linux coreutils tar gzip python3.11 nodejs golang.org/x/net log4j-core spring-core jackson-databind netty-codec
lodash minimist axios requests urllib3 jinja2 pillow cryptography django flask werkzeug rails rack nokogiri""".split()
WORDS = """a an the in of to and or via when before allows attacker remote local user overflow buffer heap stack memory
crafted request response header parser length check missing improper validation denial service crash execute arbitrary
code disclosure sensitive information race condition integer underflow pointer dereference use-after-free version
component library function configuration default certificate verification bypass authentication privilege escalation
network file path traversal archive extract decode encode input output limit resource exhaustion loop infinite
regular expression cookie session token leak log template injection deserialization object prototype pollution""".split()
CLASSES = {"CRITICAL": "critical", "HIGH": "high", "MEDIUM": "medium", "LOW": "low"}
GAPS = [
    ("waiting", "a scan was asked for"),
    ("never_scanned", "ECR holds no scan of the image"),
    ("unsupported", "UnsupportedImageError: The operating system and/or package manager are not supported."),
    ("failed", "ECR's scan status is FAILED: internal failure"),
    ("archived", "the image is archived"),
    ("expired_eligibility", "SCAN_ELIGIBILITY_EXPIRED"),
]
NO_PERMISSION = (
    "DescribeRepositories is denied: User: arn:aws:sts::{0}:assumed-role/ScanfleetMember/scanfleet is not authorized "
    "to perform: ecr:DescribeRepositories on resource: * because no identity-based policy allows the action"
)
