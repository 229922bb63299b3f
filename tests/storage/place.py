"""A storage under test, and the bytes that the contract keeps in it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from random import Random

from hub.storage import Part, Storage
from tests.servers.s3 import Can
from tests.storage.conversation import ask, tag

MIB = 1024 * 1024
SMALLEST = 5 * MIB  # of all parts but the last, anywhere that speaks S3
FIRST = Random(1).randbytes(SMALLEST)
LAST = b"the end"
KEY = "files/abcdefgh2345/quarterly-deck.mp4"


@dataclass(frozen=True, slots=True)
class Place:
    """A storage with nothing in it, and what its server can do."""

    storage: Storage
    can: frozenset[Can]

    def put(self, key: str, content: bytes, content_type: str = "application/octet-stream") -> None:
        self.storage.put(key, io.BytesIO(content), content_type)

    def read(self, key: str) -> bytes:
        with self.storage.open(key) as stream:
            return stream.read()

    def send(self, upload: str, number: int, content: bytes, *, key: str = KEY) -> Part:
        url = self.storage.part_url(key, upload, number, len(content), 60)
        answer = ask("PUT", url, content)
        assert answer.status == 200, answer.body
        return Part(number, len(content), tag(answer))
