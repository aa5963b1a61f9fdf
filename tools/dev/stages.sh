# Stages of a check run, for ./dev: each is named, logged, timed and counted; a stage that fails
# does not stop the later ones, but the run fails.
#
# A command may say how many tests it ran by appending lines "PASSED FAILED" to the file named in
# PAWL_COUNTS; a stage that says nothing counts as one test.
# shellcheck shell=bash

stage_names=()
stage_lines=()
stages_passed=0
stages_failed=0
stages_broken=0

# stage NAME COMMAND [ARGUMENT...]
stage() {
  local name=$1 began=$SECONDS status=0 passed=0 failed=0
  shift
  mkdir -p build/logs
  rm -f "build/logs/$name.counts"
  printf '\n==== %s\n' "$name"
  set +e
  (
    set -e
    PAWL_COUNTS=$PWD/build/logs/$name.counts "$@"
  ) </dev/null 2>&1 | tee "build/logs/$name.log"
  status=${PIPESTATUS[0]}
  set -e
  if [ -s "build/logs/$name.counts" ]; then
    read -r passed failed \
      < <(awk '{p += $1; f += $2} END {print p + 0, f + 0}' "build/logs/$name.counts")
  elif [ "$status" -eq 0 ]; then
    passed=1
  fi
  if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
  local word=ok
  if [ "$status" -ne 0 ]; then
    word=FAILED
    stages_broken=$((stages_broken + 1))
  fi
  stages_passed=$((stages_passed + passed))
  stages_failed=$((stages_failed + failed))
  stage_names+=("$name")
  stage_lines+=("$(printf '%-16s %-7s %5d s %8d passed %6d failed' \
    "$name" "$word" $((SECONDS - began)) "$passed" "$failed")")
  printf -- '---- %s: %s, %d s\n' "$name" "$word" $((SECONDS - began))
}

# once_more COMMAND [ARGUMENT...]: for checks that drive foreign clients against a clock of their
# own. What fails is tried again; what then passes is named UNSTEADY, a bug to be found.
once_more() {
  local status=0
  set +e
  (
    set -e
    "$@"
  )
  status=$?
  set -e
  if [ "$status" -eq 0 ]; then return 0; fi
  printf -- '---- %s failed, once more\n' "$1"
  rm -f "$PAWL_COUNTS"
  "$@"
  echo "UNSTEADY $1: failed at first, passed when it was run again"
}

# stage_failed NAME: whether a stage of this name ran and failed.
stage_failed() {
  local line
  for line in "${stage_lines[@]}"; do
    [[ $line == "$1 "*FAILED* ]] && return 0
  done
  return 1
}

# Prints every stage's time and the closing line that runs are counted by.
finish_stages() {
  printf '\n==== summary\n'
  printf '%s\n' "${stage_lines[@]}"
  printf '%-16s %-7s %5d s\n' total '' "$SECONDS"
  local name
  for name in "${stage_names[@]}"; do
    grep '^UNSTEADY' "build/logs/$name.log" || true
  done
  echo
  printf '%d passed, %d failed\n' "$stages_passed" "$stages_failed"
  [ "$stages_broken" -eq 0 ]
}
