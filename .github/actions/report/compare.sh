#!/bin/sh
# Writes the report of a pull request, for a person and for a program, with the number that the other workflow checks.
set -eu

cd "$(dirname "$0")/../../.."
mkdir -p "$OUT"
printf '%s\n' "$PULL" >"$OUT/pull-request"

if [ -n "$FROM$TO" ]; then
  set -- --from "$GITHUB_WORKSPACE/$FROM" --to "$GITHUB_WORKSPACE/$TO"
else
  set -- --stack "$STACK" --base "$BASE"
fi
if [ -n "$NAME" ]; then set -- "$@" --name "$NAME"; fi

# The two forms are of one day, whichever side of midnight they are made on.
set -- "$@" --as-of "$(date -u +%F)"
node scripts/garrison.mjs report "$@" >"$OUT/report.md"
if [ -n "$FAIL_ON" ]; then set -- "$@" --fail-on "$FAIL_ON"; fi
gate=0
node scripts/garrison.mjs report "$@" --json >"$OUT/report.json" || gate=$?
node -e 'console.log(JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")).labels.join("\n"))' \
  "$OUT/report.json" >"$OUT/labels"
exit "$gate"
