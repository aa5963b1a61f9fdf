#!/usr/bin/env python3
"""Checks what a .deb holds without installing it: its files, its fields, and a binary that runs."""
import glob
import os
import subprocess
import sys
import tempfile

COMPLETION = "usr/share/bash-completion/completions/pawl"
FILES = ["usr/bin/pawl", "lib/systemd/system/pawl.service", "etc/pawl/pawl.toml",
         "usr/lib/pawl/runtime/install", "usr/lib/pawl/runtime/package-lock.json",
         "usr/share/doc/pawl/README.md", "usr/share/doc/pawl/LICENSE",
         COMPLETION, "usr/share/zsh/vendor-completions/_pawl",
         "usr/share/fish/vendor_completions.d/pawl.fish"]


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def main(package):
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        run("dpkg-deb", "--extract", package, folder)
        for path in FILES:
            found = [p for p in (path, "usr/" + path) if os.path.exists(os.path.join(folder, p))]
            if not found:
                problems.append(f"{path} is missing")
        binary = os.path.join(folder, "usr/bin/pawl")
        version = run(binary, "version").split()[-1]
        lines = run("dpkg-deb", "--field", package).splitlines()
        fields = dict(line.split(": ", 1) for line in lines if ": " in line and line[0] != " ")
        if not fields["Version"].startswith(version):
            problems.append(f"the package is {fields['Version']}, the binary {version}")
        for library in ("libc6", "libgit2"):
            if library not in fields.get("Depends", ""):
                problems.append(f"Depends lacks {library}: {fields.get('Depends')}")
        run("bash", "-n", os.path.join(folder, COMPLETION))
    print("\n".join(problems) or f"{os.path.basename(package)}: as it should be")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sorted(glob.glob(sys.argv[1]))[-1]))
