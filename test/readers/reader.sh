#!/usr/bin/env bash
# Reads everything out of the export side of a ChatGPT Enterprise compliance API. Written from the wire reference alone.
set -euo pipefail
export LC_ALL=C

usage() {
  cat <<'TEXT'
usage: reader.sh --url URL --workspace ID --out FOLDER [--limit N] [--since SECONDS]

Reads everything out of the export side of a ChatGPT Enterprise compliance API, or of a server that speaks it,
with bash, curl and jq. Into the folder go

  users.ndjson conversations.ndjson gpts.ndjson memories.ndjson   an object a line, each once, as it came last
  files.ndjson                                                    {"id", "bytes", "file"}; null when they are not there
  files/                                                          the bytes

and to standard output one JSON object with the counts, and with what came more than once while it was read.

  --url URL         base URL, such as https://daybook.example.com/v1
  --workspace ID    id of the workspace, a UUID
  --out FOLDER      folder to write to; new, or at least without a folder "files"
  --limit N         items per page (default: 100)
  --since SECONDS   conversations updated since then, in Unix seconds (default: 0, all)

The key is taken from COMPLIANCE_API_KEY, so that it stands in no list of processes.
TEXT
}

fail() {
  printf 'reader.sh: %s\n' "$1" >&2
  exit "${2:-1}"
}

url= workspace= out= limit=100 since=0
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --url | --workspace | --out | --limit | --since)
      [ $# -ge 2 ] || fail "$1 needs a value" 2
      declare "${1#--}=$2"
      shift 2
      ;;
    *) fail "there is no option $1; --help tells which there are" 2 ;;
  esac
done
for name in url workspace out; do [ -n "${!name}" ] || fail "--$name is needed; --help tells more" 2; done
[ -n "${COMPLIANCE_API_KEY:-}" ] || fail 'COMPLIANCE_API_KEY is not set' 2

for tool in curl jq; do command -v "$tool" >/dev/null || fail "$tool is not installed"; done

mkdir -p "$out"
mkdir "$out/files"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=${url%/}/compliance/workspaces/$workspace

# Asks for an address, "with" the key or "without"; sets $status. "Not now" is waited for.
ask() {
  local address=$1 body=$2 key=$3
  while :; do
    status=$(
      curl -sS -g -o "$body" -D "$work/head" -w '%{http_code}' --url "$address" --config <(
        [ "$key" = without ] || printf 'header = "Authorization: Bearer %s"\n' "$COMPLIANCE_API_KEY"
      )
    )
    case $status in
      429 | 503) sleep "$(header retry-after 5)" ;;
      *) return 0 ;;
    esac
  done
}

# A header of the last reply, or what else is given.
header() {
  local found
  found=$(awk -v name="$1:" 'tolower($1) == name { print $2 }' "$work/head" | tr -d '\r' | tail -n 1)
  printf '%s' "${found:-$2}"
}

refused() {
  fail "GET $1 was answered $status: $(jq -r '.error.message? // "no message"' "$work/body" 2>/dev/null || echo 'no message')"
}

# A list, page by page, as lines "id<TAB>object". Only has_more says whether there is more: a page may be shorter than asked for.
walk() {
  local path=$1 query=$2 more=true
  while [ "$more" = true ]; do
    ask "$root$path?limit=$limit$query" "$work/body" with
    [ "$status" = 200 ] || refused "$path"
    jq -r '.data[] | "\(.id | tojson)\t\(tojson)"' "$work/body"
    # What says where to start is ignored from here on.
    read -r more query < <(jq -r '"\(.has_more) &after=\(.last_id // "" | @uri)"' "$work/body")
  done
}

# The whole list: what comes again, since it changed meanwhile, takes the place of what came before.
keep() {
  local name=$1
  walk "/$name" "${2:-}" >"$work/$name.all"
  tac "$work/$name.all" | awk -F '\t' '!seen[$1]++' | tac | cut -f 2- >"$out/$name.ndjson"
  cut -f 1 "$work/$name.all" | sort | uniq -d | jq -s --arg name "$name" '{($name): .}' >>"$work/repeated"
}

# Of each file that was spoken of, by its id as JSON: under which name its bytes are here; empty: they are not.
declare -A place=()
taken=0

# Takes the bytes at a link; it needs no key and is not given one.
take_bytes() {
  local quoted=$1 link=$2
  ask "$link" "$work/bytes" without
  [ "$status" = 200 ] || return 0
  taken=$((taken + 1))
  place[$quoted]=files/$(printf '%06d' "$taken")
  mv "$work/bytes" "$out/${place[$quoted]}"
}

keep users
keep conversations "&since_timestamp=$since"
jq -e -n 'all(inputs; .messages.has_more | not)' "$out/conversations.ndjson" >/dev/null || fail 'a conversation is not whole'

# Links live for an hour: they are followed right after the list.
keep gpts
jq -r '.latest_config.data[].files.data[]? | "\(.id | tojson)\t\(.download_url // "")"' "$out/gpts.ndjson" | awk '!seen[$0]++' >"$work/linked"
while IFS=$'\t' read -r quoted link; do
  if [ -z "${place[$quoted]-}" ]; then
    place[$quoted]=
    [ -z "$link" ] || take_bytes "$quoted" "$link"
  fi
done <"$work/linked"

keep memories

# By their ids and not by the links of the conversations, which may be over by now. 404 and 410: the bytes are not there.
jq -r '. as $chat | .messages.data[].files.data[] | "\(.id | tojson)\t/users/\($chat.user_id // "" | @uri)/files/\(.id | @uri)?conversation_id=\($chat.id | @uri)"' \
  "$out/conversations.ndjson" | awk '!seen[$0]++' >"$work/shown"
while IFS=$'\t' read -r quoted path; do
  [ -z "${place[$quoted]-}" ] || continue
  place[$quoted]=
  ask "$root$path" "$work/body" with
  case $status in
    307) take_bytes "$quoted" "$(header location '')" ;;
    404 | 410) ;;
    *) refused "$path" ;;
  esac
done <"$work/shown"

for quoted in "${!place[@]}"; do
  at=${place[$quoted]}
  if [ -z "$at" ]; then
    printf '{"id":%s,"bytes":null,"file":null}\n' "$quoted"
  else
    printf '{"id":%s,"bytes":%s,"file":"%s"}\n' "$quoted" "$(wc -c <"$out/$at" | tr -d ' ')" "$at"
  fi
done >"$out/files.ndjson"

lines() { wc -l <"$out/$1.ndjson" | tr -d ' '; }
messages=$(jq -r '.messages.data[].id | tojson' "$out/conversations.ndjson" | sort -u | wc -l)
entries=$(jq -r '.memory_contexts[].memory_entries[] | 1' "$out/memories.ndjson" | wc -l)
jq -c -n --slurpfile repeated "$work/repeated" --slurpfile files "$out/files.ndjson" \
  --argjson users "$(lines users)" --argjson conversations "$(lines conversations)" --argjson messages "$messages" \
  --argjson gpts "$(lines gpts)" --argjson memories "$(lines memories)" --argjson entries "$entries" '
  {$users, $conversations, $gpts, $memories, $messages, memory_entries: $entries,
    files: ($files | length), bytes: ($files | map(.bytes // 0) | add // 0), repeated: ($repeated | add)}'
