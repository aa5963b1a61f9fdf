# What the verbs of ./dev need from the machine. Everything is checked first, so that a machine that
# has it all loses no time; Debian packages are installed with apt-get (through sudo when not root).
# Nothing else is touched outside this directory: Node and Python packages go under build/tools.
# shellcheck shell=bash

# packages_of GROUP: the Debian packages of a group.
packages_of() {
  case $1 in
    build)
      echo ccache mold ninja-build cmake g++ libboost1.81-dev libsimdjson-dev librocksdb-dev \
        libssl-dev libyaml-dev libgit2-dev zlib1g-dev libzip-dev libpcre2-dev libcli11-dev \
        libfmt-dev libspdlog-dev libcurl4-openssl-dev libseccomp-dev librapidcheck-dev \
        libbenchmark-dev libgtest-dev libgmock-dev libpugixml-dev libtomlplusplus-dev pkg-config \
        python3 python3-lib2to3 ca-certificates git
      ;;
    check) echo clang-format-19 shellcheck python3 git ;;
    sanitize) echo clang-19 clang-tidy-19 libclang-rt-19-dev lld-19 llvm-19 ;;
    browser) echo chromium fonts-dejavu-core ;;
    package) echo dpkg-dev file ;;
    clients) echo awscli python3 python3-venv curl openssl ;;
  esac
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "./dev: needs root for: $*" >&2
    return 1
  fi
}

# missing_packages PACKAGE...: those that dpkg does not have, one a line.
missing_packages() {
  local package
  for package in "$@"; do
    if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
      echo "$package"
    fi
  done
}

# need GROUP: installs what is missing of a group.
need() {
  local group
  read -r -a group <<<"$(packages_of "$1")"
  if ! command -v dpkg-query >/dev/null; then
    echo "./dev: not a Debian system; make sure that these are there: ${group[*]}" >&2
    return 0
  fi
  local missing
  mapfile -t missing < <(missing_packages "${group[@]}")
  if [ ${#missing[@]} -gt 0 ]; then install_packages "${missing[@]}"; fi
}

install_packages() {
  echo "installing: $*"
  local get=(env DEBIAN_FRONTEND=noninteractive apt-get -qq)
  get+=(-o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
  as_root "${get[@]}" update
  as_root "${get[@]}" install -y --no-install-recommends "$@"
}

node_is_recent() {
  local version
  version=$("$1" --version 2>/dev/null) || return 1
  version=${version#v}
  [ "${version%%.*}" -ge 20 ]
}

# The directory to put before PATH so that `node` is version 20 or newer.
node_path() {
  local local_node=$PWD/build/tools/node/node_modules/node/bin
  if [ -x "$local_node/node" ]; then echo "$local_node"; else dirname "$(command -v node)"; fi
}

# Node 20 or newer: the machine's, or npm's `node` package under build/tools/node.
need_node() {
  local own=build/tools/node/node_modules/node/bin/node
  if node_is_recent node && command -v npm >/dev/null; then return 0; fi
  if ! command -v npm >/dev/null; then install_packages nodejs npm; fi
  if node_is_recent node || node_is_recent "$own"; then return 0; fi
  echo "installing Node 22 under build/tools/node (this machine has $(node --version))"
  mkdir -p build/tools/node
  npm install --loglevel error --no-save --prefix build/tools/node node@22
  node_is_recent "$own"
}

# need_venv NAME REQUIREMENTS WHAT: a virtual environment build/tools/NAME with these packages.
need_venv() {
  local venv=build/tools/$1 want=$2
  if cmp -s "$want" "$venv/installed.txt"; then return 0; fi
  echo "installing $3 under $venv"
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$want"
  cp "$want" "$venv/installed.txt"
}

# need_npm_packages NAME FROM WHAT: the lock file's packages, under build/tools/NAME.
need_npm_packages() {
  local to=build/tools/$1 from=$2
  if cmp -s "$from/package-lock.json" "$to/installed.json"; then return 0; fi
  echo "installing $3 under $to"
  mkdir -p "$to"
  cp "$from/package.json" "$from/package-lock.json" "$from/.npmrc" "$to/"
  (cd "$to" && npm ci --loglevel error --no-audit --no-fund)
  cp "$from/package-lock.json" "$to/installed.json"
}

need_python_packages() { need_venv venv tests/requirements.txt "boto3 and AWS CLI 1"; }

need_javascript_packages() {
  need_npm_packages javascript tests/stock_clients/javascript "the AWS SDK for JavaScript"
}

# Apart, because it wants other versions than the AWS CLI does.
need_sam() { need_venv sam tests/stock_clients/sam-requirements.txt "the SAM CLI"; }

need_cdk() { need_npm_packages cdk tests/stock_clients/cdk "the CDK"; }

# The SDKs that functions find, where a server from build/ looks for them.
need_function_sdks() {
  need_python_packages
  echo "AWS SDKs for functions: build/tools/runtime"
  PATH=$PWD/build/tools/venv/bin:$PATH packaging/runtime/install "$PWD/build/tools/runtime"
}
