#!/usr/bin/env bash
# Refuses subjects of more than 72 characters: of the message in the file named (a commit-msg hook), or of all commits since the rule.
set -euo pipefail
readonly LONGEST=72 SINCE=2026-11-29T16:00:00Z

if [ $# -gt 0 ]; then
  subjects=$(head -n 1 "$1")
else
  subjects=$(git log --no-merges --since="$SINCE" --format=%s)
fi
too_long=$(printf '%s\n' "$subjects" | LC_ALL=C.UTF-8 awk -v longest=$LONGEST 'length > longest')
if [ -n "$too_long" ]; then
  printf 'A commit has a subject of more than %s characters (CONTRIBUTING.md):\n%s\n' "$LONGEST" "$too_long" >&2
  exit 1
fi
