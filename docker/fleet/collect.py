"""Puts what the binary needs at run time under --root, with its licences and a bill of materials; nothing else.

Runs in the image's build. Every file comes from a Debian package or from the Swift toolchain, and every package that a
file comes from is named in /var/lib/dpkg/status.d (where scanners look) and in /usr/share/scanfleet/sbom.spdx.json.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
from datetime import datetime, timezone
from pathlib import Path

BACKTRACER = "libexec/swift/linux/swift-backtrace-static"
# glibc loads it when a thread is cancelled, so no list of needed libraries names it.
LOADED_LATER = ["libgcc_s.so.1"]
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
FILES = {
    "etc/passwd": "root:x:0:0:root:/:/sbin/nologin\nscanfleet:x:10001:10001::/nonexistent:/sbin/nologin\n",
    "etc/group": "root:x:0:\nscanfleet:x:10001:\n",
    "etc/nsswitch.conf": "hosts: files dns\n",
}


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def needed_libraries(binary: Path) -> list[Path]:
    """Where the loader finds each library of the binary, itself among them."""
    found = re.findall(r"(/\S+) \(0x", run("ldd", str(binary)))
    folder = Path(found[0]).parent
    return [Path(path) for path in found] + [folder / name for name in LOADED_LATER]


def owner(path: Path) -> str:
    """The Debian package that a file belongs to; packages name files as they were before /lib and /usr/lib merged."""
    real = path.resolve()
    for name in (path, real, Path(str(real).removeprefix("/usr"))):
        answer = subprocess.run(["dpkg", "-S", str(name)], capture_output=True, text=True)
        if answer.returncode == 0:
            return answer.stdout.split(":")[0]
    raise SystemExit(f"collect: no package owns {path}")


def copy(source: Path, root: Path, target: str) -> None:
    place = root / target.lstrip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, place)
    place.chmod(0o755 if os.access(source, os.X_OK) else 0o644)


def merged(path: Path) -> str:
    """The same place below /usr, where /lib and /lib64 only point to."""
    text = str(path)
    return text if text.startswith("/usr/") else "/usr" + text


def copy_system(root: Path, binary: Path) -> set[str]:
    """Copies libraries, certificates and the files that glibc reads; says which packages they come from."""
    packages = {"ca-certificates", "base-files"}
    for library in needed_libraries(binary):
        copy(library, root, merged(library))
        packages.add(owner(library))
    for link in ("lib", "lib64"):
        (root / link).symlink_to(f"usr/{link}")
    copy(Path(CERTIFICATES), root, CERTIFICATES)
    copy(Path("/etc/os-release"), root, "/etc/os-release")
    # Where OpenSSL looks when nobody names a file; libcurl looks at the first place by itself.
    (root / "usr/lib/ssl").mkdir()
    (root / "usr/lib/ssl/cert.pem").symlink_to(CERTIFICATES)
    for name, text in FILES.items():
        (root / name).write_text(text)
    return packages


def copy_licences(root: Path, packages: set[str]) -> None:
    common: set[str] = set()
    for package in packages:
        source = Path(f"/usr/share/doc/{package}/copyright")
        copy(source, root, f"/usr/share/doc/{package}/copyright")
        text = source.read_text(errors="replace")
        common.update(re.findall(r"/usr/share/common-licenses/([A-Za-z0-9.+-]*[A-Za-z0-9])", text))
    for name in common:
        copy(Path("/usr/share/common-licenses") / name, root, f"/usr/share/common-licenses/{name}")


def debian_entries(root: Path, packages: set[str]) -> list[dict[str, object]]:
    entries = []
    for package in sorted(packages):
        paragraph = run("dpkg-query", "--status", package)
        place = root / "var/lib/dpkg/status.d" / package
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(paragraph)
        field = dict(re.findall(r"^(\w+): (.*)$", paragraph, re.MULTILINE))
        licences = Path(f"/usr/share/doc/{package}/copyright").read_text(errors="replace")
        names = sorted(set(re.findall(r"^License: (\S.*)$", licences, re.MULTILINE)))
        entries.append(
            entry(
                f"debian-{package}",
                package,
                field["Version"],
                f"pkg:deb/debian/{package}@{field['Version']}?arch={field['Architecture']}&distro=debian-12",
                comment=f"/usr/share/doc/{package}/copyright" + (f" names: {'; '.join(names)}" if names else ""),
            )
        )
    return entries


def swift_entries(root: Path) -> list[dict[str, object]]:
    """What Package.resolved pins, and the runtime that is linked statically."""
    entries = []
    for pin in json.loads(Path("Package.resolved").read_text())["pins"]:
        location = pin["location"].removesuffix(".git")
        name = location.rsplit("/", 1)[-1]
        checkout = Path(".build/checkouts") / name
        licence = next(checkout.glob("LICENSE*"))
        for source in [licence, *checkout.glob("NOTICE*")]:
            copy(source, root, f"/usr/share/doc/{name}/{source.name}")
        version = pin["state"]["version"]
        purl = f"pkg:swift/{location.removeprefix('https://')}@{version}"
        entries.append(
            entry(f"swift-{name}", name, version, purl, declared=licence_name(licence), comment=pin["state"]["revision"])
        )
    toolchain = Path(run("bash", "-c", "readlink -f $(command -v swift)").strip()).parents[1]
    copy(toolchain / BACKTRACER, root, f"/usr/{BACKTRACER}")
    copy(toolchain / "share/swift/LICENSE.txt", root, "/usr/share/doc/swift-runtime/LICENSE.txt")
    version = re.search(r"Swift version (\S+)", run("swift", "--version"))
    declared = licence_name(toolchain / "share/swift/LICENSE.txt")
    entries.append(
        entry(
            "swift-runtime",
            "swift-runtime",
            version.group(1) if version else "unknown",
            "pkg:generic/swift-runtime",
            declared=declared,
            comment="standard library, Foundation and Dispatch, linked statically, and swift-backtrace-static",
        )
    )
    return entries


def licence_name(path: Path) -> str:
    text = path.read_text(errors="replace")
    if "Apache License" in text:
        return "Apache-2.0 WITH Swift-exception" if "Runtime Library Exception" in text else "Apache-2.0"
    if "Permission is hereby granted, free of charge" in text:
        return "MIT"
    raise SystemExit(f"collect: the licence in {path} is not known")


def entry(
    key: str, name: str, version: str, purl: str, declared: str = "NOASSERTION", comment: str = ""
) -> dict[str, object]:
    return {
        "SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", key),
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": declared,
        "licenseComments": comment,
        "copyrightText": "NOASSERTION",
        "externalRefs": [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}
        ],
    }


def bill(arguments: argparse.Namespace, parts: list[dict[str, object]]) -> dict[str, object]:
    release = f"{arguments.version}-{arguments.revision or 'unknown'}"
    product = entry(
        arguments.product,
        arguments.product,
        arguments.version,
        f"pkg:generic/{arguments.product}@{arguments.version}",
        declared="Apache-2.0",
        comment=arguments.revision,
    )
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{arguments.product}-{release}",
        "documentNamespace": f"https://scanfleet.invalid/sbom/{arguments.product}-{release}",
        "creationInfo": {
            "created": datetime.fromtimestamp(arguments.epoch, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Tool: scanfleet-docker-fleet-collect"],
        },
        "packages": [product, *parts],
        "relationships": [
            {
                "spdxElementId": "SPDXRef-DOCUMENT",
                "relationshipType": "DESCRIBES",
                "relatedSpdxElement": product["SPDXID"],
            }
        ]
        + [
            {
                "spdxElementId": product["SPDXID"],
                "relationshipType": "DEPENDS_ON",
                "relatedSpdxElement": part["SPDXID"],
            }
            for part in parts
        ],
    }


def settle_times(root: Path, epoch: int) -> None:
    """The same source gives the same layer."""
    for path in [root, *root.rglob("*")]:
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--product", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--revision", default="")
    parser.add_argument("--epoch", type=int, default=0)
    arguments = parser.parse_args()
    root: Path = arguments.root
    packages = copy_system(root, root / "usr/bin" / arguments.product)
    copy_licences(root, packages)
    copy(Path("LICENSE"), root, "/usr/share/doc/scanfleet/copyright")
    parts = debian_entries(root, packages) + swift_entries(root)
    place = root / "usr/share/scanfleet/sbom.spdx.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(bill(arguments, parts), indent=2) + "\n")
    settle_times(root, arguments.epoch)
    print(f"collect: {len(packages)} Debian packages, {len(parts) - len(packages)} Swift packages")


if __name__ == "__main__":
    main()
