# The checks behind `./dev test` and `./dev ci`. Each is a function that succeeds or fails; the
# stages that run them are listed in test_stages and verb_ci.
# shellcheck shell=bash

# build_preset PRESET [TARGET...]
build_preset() {
  local preset=$1
  shift
  need build
  case $preset in
    dev) ;;
    release) [ $# -gt 0 ] || set -- pawl ;;  # tests are for the other presets
    asan | tsan) need sanitize ;;
    *) echo "./dev: no preset '$preset' (dev, release, asan, tsan)" >&2; return 2 ;;
  esac
  # Paths relative to the checkout, so that two checkouts share one cache.
  export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
  # Tests use a precompiled header; ccache keeps what does so only when asked. (Clang's header holds
  # the times of files, which differ from checkout to checkout.)
  case $preset in dev | release) export CCACHE_SLOPPINESS=pch_defines,time_macros ;; esac
  # The console is left out where there is no Node (docs/console.md).
  if [ "$preset" = dev ] || [ "$preset" = release ]; then need_node || true; fi
  PATH=$(node_path):$PATH cmake --preset "$preset" >"build/logs/configure-$preset.log" 2>&1 || {
    cat "build/logs/configure-$preset.log"
    return 1
  }
  PATH=$(node_path):$PATH ninja -C "build/$preset" -j "${PAWL_JOBS:-$(nproc)}" "$@"
}

# check_ctest PRESET [CTEST OPTION...]: runs the tests of a build and counts their cases. What
# fails without a sanitizer's report is run once more, alone: passing then, it is named UNSTEADY.
check_ctest() {
  local preset=$1 status=0
  local results=build/$1/Testing/Temporary
  shift
  set -- --test-dir "build/$preset" --output-on-failure --timeout 300 --no-tests=error "$@"
  ctest -j 2 "$@" || status=$?
  cp "$results/LastTest.log" "$results/FirstTest.log"
  local again=()
  if [ "$status" -ne 0 ] && ! grep -qE "$sanitizer_report" "$results/FirstTest.log"; then
    status=0
    ctest -j 1 --rerun-failed "$@" || status=$?
    again=("$results/LastTest.log")
  fi
  python3 tools/dev/count_ctest.py "$results/FirstTest.log" "${again[@]}" \
    >>"${PAWL_COUNTS:-/dev/null}"
  return "$status"
}

sanitizer_report='ERROR: (Address|Leak)Sanitizer|WARNING: ThreadSanitizer|runtime error:'

check_tidy() {
  need check
  python3 tools/tidy_test.py
  python3 tools/dev/count_ctest_test.py
  python3 tools/tidy.py
  shellcheck -x dev .ci/run tools/dev/*.sh examples/demo/*.sh packaging/runtime/install
}

check_conformance() {
  if [ ! -f "$PAWL_SHARED/conformance/run.py" ]; then
    echo "shared conformance cases not found under $PAWL_SHARED, not run"
    return 0
  fi
  need_node
  PATH=$(node_path):$PATH python3 conformance/states/run_suite.py --pawl build/dev/pawl \
    --suite "$PAWL_SHARED/conformance"
}

test_stages() {
  stage setup need build
  stage build build_preset dev
  stage unit check_ctest dev
  stage tidy check_tidy
  stage conformance check_conformance
}

check_asan() {
  build_preset asan
  LSAN_OPTIONS=suppressions=$PWD/tools/dev/lsan_suppressions.txt:print_suppressions=0 \
    ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 check_ctest asan
}

# Where there are threads. Debian's RocksDB is not instrumented, so its tests stay out; everything
# else runs on the store in memory.
check_tsan() {
  local threaded='store|objects|runtime|functions|telemetry|services_[a-z0-9_]*|api|console'
  local targets suppressions=$PWD/tools/dev/tsan_suppressions.txt
  build_preset tsan pawl_base >/dev/null
  mapfile -t targets < <(ninja -C build/tsan -t targets all |
    grep -oE "^($threaded)_test" | sort -u)
  build_preset tsan "${targets[@]}"
  GTEST_FILTER='-*Rocks*' TSAN_OPTIONS=halt_on_error=1:suppressions=$suppressions \
    check_ctest tsan -R "^($threaded)\$"
}

# The whole server, with RocksDB and functions, asked for everything at once.
check_chaos() {
  build_preset tsan pawl
  need_node
  PATH=$(node_path):$PATH \
    TSAN_OPTIONS="die_after_fork=0:suppressions=$PWD/tools/dev/tsan_suppressions.txt" \
    python3 tests/chaos/run.py --pawl build/tsan/pawl "$@"
}

fuzz_targets() { sed -n 's/^pawl_fuzz_target(\([a-z0-9_]*\) .*/\1/p' fuzz/targets.cmake; }

# fuzz_target NAME SECONDS: builds it and runs it.
fuzz_target() {
  build_preset asan "fuzz_$1"
  run_fuzz "$@"
}

# run_fuzz NAME SECONDS: new inputs go to build/corpus, crashers beside the committed corpus.
run_fuzz() {
  local name=$1 seconds=$2
  mkdir -p "build/corpus/$name" "fuzz/corpus/$name"
  "build/asan/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1 -verbosity=0 -artifact_prefix="fuzz/corpus/$name/" \
    "build/corpus/$name" "fuzz/corpus/$name"
}

# The canary has a planted bug; a fuzzer that misses it finds nothing else either.
fuzz_canary() {
  build_preset asan fuzz_canary
  mkdir -p build/corpus/canary
  if build/asan/fuzz/fuzz_canary -max_total_time=60 -artifact_prefix=build/corpus/ \
    build/corpus/canary >build/logs/canary.log 2>&1; then
    echo "the canary lived: this fuzzer finds nothing"
    return 1
  fi
  grep -q 'canary found' build/logs/canary.log
}

# fuzz_to_log NAME SECONDS: leaves build/logs/fuzz-NAME.log and, without a finding, fuzz-NAME.ok.
fuzz_to_log() {
  local log=build/logs/fuzz-$1
  rm -f "$log.ok"
  if run_fuzz "$1" "$2" >"$log.log" 2>&1; then touch "$log.ok"; fi
}

# As many at once as there are processors.
check_fuzz() {
  local seconds=$1 name failed=0 passed=0 names
  mkdir -p build/logs
  fuzz_canary
  mapfile -t names < <(fuzz_targets)
  build_preset asan "${names[@]/#/fuzz_}"
  for name in "${names[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
    echo "-- fuzz $name, $seconds s"
    fuzz_to_log "$name" "$seconds" &
  done
  wait
  for name in "${names[@]}"; do
    if [ -e "build/logs/fuzz-$name.ok" ]; then
      passed=$((passed + 1))
      grep -HE 'stat::(number_of_executed|new)_units' "build/logs/fuzz-$name.log" || true
    else
      failed=$((failed + 1))
      tail -n 40 "build/logs/fuzz-$name.log"
    fi
  done
  echo "$passed $failed" >>"${PAWL_COUNTS:-/dev/null}"
  [ "$failed" -eq 0 ]
}

check_commands() {
  need clients
  python3 tests/commands/run.py --pawl build/release/pawl
}

check_hostile() { python3 tests/hostile/run.py --pawl build/release/pawl; }

check_crash() {
  need_node
  PATH=$(node_path):$PATH python3 tests/crash/run.py --pawl build/release/pawl \
    --kills "${PAWL_KILLS:-20}"
  python3 tests/crash/map_runs.py --pawl build/release/pawl
  python3 tests/crash/events.py --pawl build/release/pawl
  python3 tests/crash/objects.py --pawl build/release/pawl --kills "${PAWL_KILLS:-20}"
  python3 tests/crash/backup.py --pawl build/release/pawl
  python3 tests/crash/paused.py --pawl build/release/pawl
  python3 tests/crash/halted.py --pawl build/release/pawl
  python3 tests/crash/indexing.py --pawl build/release/pawl
  python3 tests/crash/secrets.py --pawl build/release/pawl
  python3 tests/crash/pushes.py --pawl build/release/pawl
  PATH=$(node_path):$PATH python3 tests/chaos/run.py --pawl build/release/pawl --seconds 20
}

check_stock_clients() {
  need clients
  need_node
  need_python_packages
  need_javascript_packages
  need_function_sdks
  need_sam
  need_cdk
  PATH=$(node_path):$PATH build/tools/venv/bin/python tests/stock_clients/run.py \
    --pawl build/release/pawl
  PATH=$(node_path):$PATH build/tools/venv/bin/python tests/stock_clients/deploy.py \
    --pawl build/release/pawl
  build/tools/venv/bin/python tests/stacks/run.py --pawl build/release/pawl
  build/tools/venv/bin/python tests/bucket_sync/run.py --pawl build/release/pawl
  build/tools/venv/bin/python tests/pipelines/run.py --pawl build/release/pawl
}

# In Debian's Chromium; the first three check what needs no browser. The articles' machines are
# deployed by the same Python programs as in their own tests.
check_console() {
  need browser
  need_node
  need_python_packages
  need_function_sdks
  local path
  path=$(node_path):$PATH
  (cd console && PATH=$path npx biome ci --error-on-warnings . &&
    PATH=$path npx tsc --noEmit && PATH=$path npx vitest run)
  PATH=$path timeout 900 node tests/console/run.mjs --pawl "$PWD/build/release/pawl" \
    --python "$PWD/build/tools/venv/bin/python" "$@"
}

check_demo() {
  need clients
  need_node
  PATH=$(node_path):$PATH timeout 300 examples/demo/demo.sh "$PWD/build/release/pawl"
}

check_package() {
  need package
  build_preset release completions
  rm -rf build/package
  cpack --config build/release/CPackConfig.cmake -G DEB -B build/package >build/logs/cpack.log
  python3 packaging/check_deb.py build/package/*.deb
}
