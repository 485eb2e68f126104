#!/usr/bin/env python3
"""Reads everything out of the export side of a ChatGPT Enterprise compliance API, or of a server that speaks it.

Written from the wire reference alone, with nothing but Python's standard library: an example of a client, and a
second opinion about a server. Into the folder go

  users.ndjson conversations.ndjson gpts.ndjson memories.ndjson   an object a line, each once, as it came last
  files.ndjson                                                    {"id", "bytes", "file"}; null when they are not there
  files/                                                          the bytes

and to standard output one JSON object with the counts, and with what came more than once while it was read.
"""

import argparse
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


class Refused(Exception):
    pass


class StayHere(urllib.request.HTTPRedirectHandler):
    """The 307 of a file says where its bytes are. The key must not be sent there, so it is followed by hand."""

    def redirect_request(self, *_):
        return None


class Api:
    def __init__(self, base, workspace, key):
        self.root = f"{base.rstrip('/')}/compliance/workspaces/{quoted(workspace)}"
        self.key = key
        self.opener = urllib.request.build_opener(StayHere)

    def open(self, address, with_key=True):
        """A reply of any status but those that mean "not now": these are waited for."""
        headers = {"Authorization": f"Bearer {self.key}"} if with_key else {}
        while True:
            try:
                return self.opener.open(urllib.request.Request(address, headers=headers), timeout=300)
            except urllib.error.HTTPError as reply:
                if reply.code not in (429, 503):
                    return reply
                time.sleep(int(reply.headers.get("Retry-After", "5")))

    def items(self, path, limit, start=None):
        """A list, page by page. Only has_more says whether there is more: a page may be shorter than asked for."""
        query = start or {}
        while True:
            address = f"{self.root}{path}?{urllib.parse.urlencode({'limit': limit, **query}, quote_via=urllib.parse.quote)}"
            with self.open(address) as reply:
                if reply.status != 200:
                    raise Refused(f"GET {path} was answered {reply.status}: {message_of(reply.read())}")
                page = json.load(reply)
            yield from page["data"]
            if not page["has_more"]:
                return
            # What says where to start is ignored from here on.
            query = {"after": page["last_id"]}

    def bytes_at(self, address, target):
        """Whether the bytes were there. A link needs no key, and is not given one."""
        with self.open(address, with_key=False) as reply:
            if reply.status != 200:
                return False
            with open(target, "wb") as out:
                while chunk := reply.read(1 << 20):
                    out.write(chunk)
        return True

    def file_bytes(self, path, target):
        """The same of a file that is asked for by its id: 307 to the bytes; 404 and 410: they are not there."""
        with self.open(f"{self.root}{path}") as reply:
            if reply.status in (404, 410):
                return False
            if reply.status != 307:
                raise Refused(f"GET {path} was answered {reply.status}: {message_of(reply.read())}")
            return self.bytes_at(reply.headers["Location"], target)


class Kept:
    """Objects of one kind. One that comes again, since it changed meanwhile, takes the place of the one before."""

    def __init__(self, folder, name):
        self.path = folder / f"{name}.ndjson"
        self.all = open(folder / f"{name}.all", "w+b")
        self.place = {}
        self.repeated = set()

    def take(self, item):
        if item["id"] in self.place:
            self.repeated.add(item["id"])
        line = json.dumps(item).encode() + b"\n"
        self.place[item["id"]] = (self.all.tell(), len(line))
        self.all.write(line)

    def newest(self):
        for offset, length in self.place.values():
            self.all.seek(offset)
            yield self.all.read(length)

    def close(self):
        with open(self.path, "wb") as out:
            out.writelines(self.newest())
        self.all.close()
        os.unlink(self.all.name)


class Files:
    def __init__(self, out):
        self.out = out
        # Of each file that was spoken of: where its bytes are and how many; None: they are not there.
        self.known = {}
        self.taken = 0
        (out / "files").mkdir()

    def take(self, file_id, fetch):
        """Of several ways to a file the first that leads to its bytes is enough."""
        if self.known.get(file_id) is not None:
            return
        name = f"files/{self.taken + 1:06}"
        found = fetch(self.out / name)
        self.taken += 1 if found else 0
        self.known[file_id] = (name, (self.out / name).stat().st_size) if found else None

    def close(self):
        with open(self.out / "files.ndjson", "w", encoding="utf-8") as lines:
            for file_id, found in self.known.items():
                name, size = found or (None, None)
                lines.write(json.dumps({"id": file_id, "bytes": size, "file": name}) + "\n")


def read_everything(api, folder, limit, since):
    files = Files(folder)
    kept = {name: Kept(folder, name) for name in ("users", "conversations", "gpts", "memories")}

    for user in api.items("/users", limit):
        kept["users"].take(user)

    messages, shown_files = set(), {}
    for conversation in api.items("/conversations", limit, {"since_timestamp": since}):
        kept["conversations"].take(conversation)
        if conversation["messages"]["has_more"]:
            raise Refused(f"the conversation {conversation['id']} is not whole")
        for message in conversation["messages"]["data"]:
            messages.add(message["id"])
            for file in message["files"]["data"]:
                shown_files[file["id"], conversation["user_id"]] = conversation["id"]

    for gpt in api.items("/gpts", limit):
        kept["gpts"].take(gpt)
        # Links live for an hour: they are followed as they come.
        for config in gpt["latest_config"]["data"]:
            for file in config.get("files", {"data": []})["data"]:
                link = file["download_url"]
                files.take(file["id"], lambda target: link is not None and api.bytes_at(link, target))

    entries = {}
    for memory in api.items("/memories", limit):
        kept["memories"].take(memory)
        entries[memory["id"]] = sum(len(context["memory_entries"]) for context in memory["memory_contexts"])

    # By their ids and not by the links of the conversations, which may be over by now.
    for (file_id, user_id), conversation_id in shown_files.items():
        path = f"/users/{quoted(user_id)}/files/{quoted(file_id)}?conversation_id={quoted(conversation_id)}"
        files.take(file_id, lambda target: api.file_bytes(path, target))

    for one in (*kept.values(), files):
        one.close()
    return {
        **{name: len(one.place) for name, one in kept.items()},
        "messages": len(messages),
        "memory_entries": sum(entries.values()),
        "files": len(files.known),
        "bytes": sum(found[1] for found in files.known.values() if found),
        "repeated": {name: sorted(one.repeated) for name, one in kept.items()},
    }


def quoted(text):
    return urllib.parse.quote(text or "", safe="")


def message_of(body):
    try:
        return json.loads(body)["error"]["message"]
    except (ValueError, KeyError, TypeError):
        return "no message"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="The key is taken from COMPLIANCE_API_KEY, so that it stands in no list of processes.",
    )
    parser.add_argument("--url", required=True, help="base URL, such as https://daybook.example.com/v1")
    parser.add_argument("--workspace", required=True, help="id of the workspace, a UUID")
    parser.add_argument("--out", required=True, type=pathlib.Path, help='folder to write to; new, or at least without a folder "files"')
    parser.add_argument("--limit", type=int, default=100, help="items per page (default: 100)")
    parser.add_argument("--since", type=int, default=0, help="conversations updated since then, in Unix seconds (default: all)")
    options = parser.parse_args()
    key = os.environ.get("COMPLIANCE_API_KEY", "")
    if key == "":
        parser.error("COMPLIANCE_API_KEY is not set")
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        counts = read_everything(Api(options.url, options.workspace, key), options.out, options.limit, options.since)
    except (Refused, OSError) as error:
        sys.exit(f"reader.py: {error}")
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
