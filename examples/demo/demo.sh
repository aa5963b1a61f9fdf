#!/usr/bin/env bash
# The demonstration: a workflow with functions in Python and Node, driven by the AWS CLI as it is,
# survives the death of its server. Takes half a minute and leaves nothing behind.
#   usage: demo.sh PAWL
set -euo pipefail

pawl=$(realpath "${1:?usage: demo.sh PAWL}")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d -t pawl-demo-XXXXXX)
cd "$work"
server=''
cleanup() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

say() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
fail() {
  printf 'demo: %s\n' "$*" >&2
  tail -n 20 "$work/server.log" >&2 || true
  exit 1
}

# aws WORD...: the AWS CLI; all that differs from AWS is the endpoint.
aws_cli=/usr/bin/aws
[ -x "$aws_cli" ] || aws_cli=aws
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1
export AWS_PAGER='' AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
aws() { timeout 60 "$aws_cli" --endpoint-url "$endpoint" "$@"; }
show() {
  printf '$ aws %s\n' "$*" >&2
  aws "$@"
}

# start_server ADDRESS: waits for the first line, which says where it listens.
start_server() {
  : >"$work/first-line"
  "$pawl" serve --data-dir "$work/data" --listen "$1" >"$work/first-line" 2>>"$work/server.log" &
  server=$!
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    if grep -q '^listening on ' "$work/first-line"; then
      endpoint=$(sed -n 's/^listening on //p' "$work/first-line")
      return 0
    fi
    kill -0 "$server" 2>/dev/null || fail "the server did not start"
    sleep 0.1
  done
  fail "the server did not start in 30 s"
}

say "A server with an empty data directory"
start_server 127.0.0.1:0
echo "$endpoint, data in $work/data"

say "Two functions: Python picks items, Node charges cards"
cp "$here/pick_item.py" "$here/charge_card.mjs" .
python3 -m zipfile -c pick-item.zip pick_item.py
python3 -m zipfile -c charge-card.zip charge_card.mjs
role=arn:aws:iam::000000000000:role/demo
show lambda create-function --function-name pick-item --runtime python3.12 \
  --handler pick_item.handler --role "$role" --zip-file fileb://pick-item.zip \
  --query FunctionArn --output text
show lambda create-function --function-name charge-card --runtime nodejs20.x \
  --handler charge_card.handler --role "$role" --zip-file fileb://charge-card.zip \
  --query FunctionArn --output text

say "A state machine: Choice, Wait, Parallel, Map, Task with Retry, Catch"
cp "$here/order.asl.json" .
"$pawl" validate order.asl.json
machine=$(show stepfunctions create-state-machine --name order --role-arn "$role" \
  --definition file://order.asl.json --query stateMachineArn --output text)
echo "$machine"

say "Three orders"
declare -A execution
for order in books unpaid tools; do
  execution[$order]=$(show stepfunctions start-execution --state-machine-arn "$machine" \
    --name "$order" --input "file://$here/orders/$order.json" --query executionArn --output text)
  echo "${execution[$order]}"
done

say "The order of tools, live; the power fails while it waits to try the card again"
: >seen
"$pawl" logs --endpoint "$endpoint" --follow "${execution[tools]}" \
  > >(tee seen) 2>/dev/null &
follower=$!
# It waits for the second time; on a busy machine it may be over before anybody looks.
until [ "$(grep -c LambdaFunctionFailed seen)" -ge 2 ] || ! kill -0 "$follower" 2>/dev/null; do
  sleep 0.05
done
kill -KILL "$server"
wait "$server" 2>/dev/null || true
wait "$follower" 2>/dev/null || true
printf '\033[31m  kill -KILL %s\033[0m\n' "$server"
server=''
sleep 1

say "The server again, on the same directory"
start_server "${endpoint#http://}"
echo "$endpoint; the same execution goes on"
last_seen=$(awk '$1 ~ /^[0-9]+$/ { last = $1 } END { print last + 0 }' seen)
"$pawl" logs --endpoint "$endpoint" --follow --after "$last_seen" "${execution[tools]}"

say "All three ended, each once and as it should"
check() { # ORDER STATUS
  local status=RUNNING tries
  for ((tries = 0; tries < 40; tries++)); do
    status=$(aws stepfunctions describe-execution --execution-arn "${execution[$1]}" \
      --query status --output text)
    [ "$status" = RUNNING ] || break
    sleep 0.5
  done
  [ "$status" = "$2" ] || fail "order $1 is $status, not $2"
}
check books SUCCEEDED
check tools SUCCEEDED
check unpaid FAILED
show stepfunctions list-executions --state-machine-arn "$machine" --output table \
  --query 'executions[].{name: name, status: status, started: startDate, stopped: stopDate}'
show stepfunctions describe-execution --execution-arn "${execution[books]}" \
  --query output --output text

say "The whole history of the order that was not paid for"
"$pawl" logs --endpoint "$endpoint" "${execution[unpaid]}"

say "Done: nothing was lost, nothing ran twice in a history, and nothing is left behind"
