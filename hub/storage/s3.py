"""Storage in a bucket of anything that speaks S3.

Only what servers agree on is used: presigned GET, PUT and UploadPart, never POST; no conditional writes, tags or ACLs. After a
write the object is asked for its size.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from boto3.s3.transfer import TransferConfig

from hub.storage.bucket import CHUNK, Body, Kept, S3Options, connect, error_code, faults
from hub.storage.faults import PartsMissing, SizeMismatch, StorageUnavailable
from hub.storage.keys import check_key, check_number, check_prefix, check_size
from hub.storage.port import Part, Parts, Stat, check_parts
from hub.storage.serving import disposition, safe_type, stored_type

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

LONGEST_EXPIRY = 7 * 24 * 3600  # what signature version 4 allows


class S3Storage:
    """Bytes under `prefix` of one bucket, which has to be there."""

    def __init__(self, bucket: str, prefix: str, options: S3Options) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._options = options
        self._reading = lru_cache(maxsize=4096)(self._sign_reading)

    @cached_property
    def _client(self) -> S3Client:
        return connect(self._options, self._options.endpoint)

    @cached_property
    def _public(self) -> S3Client:
        """The client that signs addresses for browsers, which may reach the server by another name."""
        return connect(self._options, self._options.public_endpoint or self._options.endpoint)

    def put(self, key: str, content: BinaryIO | Path, content_type: str) -> Stat:
        if isinstance(content, Path):
            with content.open("rb") as stream:
                return self.put(key, stream, content_type)
        kept = Kept(content)
        # What is in memory already is sent by this thread: those of a pool would be waited for at the end of the process.
        transfer = TransferConfig(max_concurrency=4, use_threads=not isinstance(content, io.BytesIO))
        extra = {"ContentType": stored_type(content_type)}
        with faults():
            self._client.upload_fileobj(kept, self._bucket, self._name(key), ExtraArgs=extra, Config=transfer)
        return self._arrived(key, kept.count)

    def open(self, key: str, start: int = 0, end: int | None = None) -> BinaryIO:
        if end is not None and end <= start:
            self._present(key)
            return io.BytesIO()
        wanted = (
            {} if start == 0 and end is None else {"Range": f"bytes={start}-{'' if end is None else end - 1}"}
        )
        try:
            with faults():
                found = self._client.get_object(
                    Bucket=self._bucket, Key=self._name(key), **cast("Any", wanted)
                )
        except StorageUnavailable as error:
            if error_code(error) != "InvalidRange":
                raise
            self._present(key)
            return io.BytesIO()
        return io.BufferedReader(Body(found["Body"]), CHUNK)

    def delete(self, key: str) -> None:
        with faults():
            self._client.delete_object(Bucket=self._bucket, Key=self._name(key))

    def stat(self, key: str) -> Stat | None:
        try:
            with faults():
                found = self._client.head_object(Bucket=self._bucket, Key=self._name(key))
        except FileNotFoundError:
            return None
        tag = found.get("ETag", "").strip('"') or None
        return Stat(
            found["ContentLength"], found.get("ContentType", ""), tag, found["LastModified"].astimezone(UTC)
        )

    def list(self, prefix: str = "") -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2")
        with faults():
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + check_prefix(prefix)):
                for found in page.get("Contents", []):
                    yield found["Key"].removeprefix(self._prefix)

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        suffix = PurePosixPath(key).suffix
        with tempfile.TemporaryDirectory(prefix="hub-s3-") as folder:
            path = Path(folder, f"object{suffix}")
            with self.open(key) as stream, path.open("xb") as out:
                shutil.copyfileobj(stream, out, CHUNK)
            yield path

    def url(
        self,
        key: str,
        *,
        expires: int,
        filename: str | None = None,
        inline: bool = False,
        content_type: str | None = None,
    ) -> str:
        if inline and content_type is None:
            found = self.stat(key)
            content_type = found.content_type if found else None
        header = disposition(inline=inline, content_type=content_type, filename=filename)
        step = expires // 4 if expires >= 600 else 0
        turn = int(time.time() / step) if step else time.monotonic_ns()
        return self._reading(self._name(key), safe_type(content_type), header, expires + step, turn)

    def _sign_reading(self, name: str, content_type: str, header: str, expires: int, _turn: int) -> str:
        """Remembered for a quarter of its life: it saves half a millisecond, and browsers may keep what they fetched."""
        wanted = {
            "Bucket": self._bucket,
            "Key": name,
            "ResponseContentType": content_type,
            "ResponseContentDisposition": header,
            "ResponseCacheControl": f"private, max-age={expires}",
        }
        return self._signed("get_object", wanted, expires)

    def begin_upload(self, key: str, content_type: str, size: int) -> str:
        check_size(size)
        with faults():
            begun = self._client.create_multipart_upload(
                Bucket=self._bucket, Key=self._name(key), ContentType=stored_type(content_type)
            )
        return begun["UploadId"]

    def part_url(self, key: str, upload_id: str, number: int, size: int, expires: int) -> str:
        wanted = {
            "Bucket": self._bucket,
            "Key": self._name(key),
            "UploadId": upload_id,
            "PartNumber": check_number(number),
            "ContentLength": check_size(size),
        }
        return self._signed("upload_part", wanted, expires)

    def parts(self, key: str, upload_id: str) -> Parts:
        pages = self._client.get_paginator("list_parts")
        found: Parts = []
        try:
            with faults():
                for page in pages.paginate(Bucket=self._bucket, Key=self._name(key), UploadId=upload_id):
                    found.extend(
                        Part(p["PartNumber"], p["Size"], p["ETag"].strip('"')) for p in page.get("Parts", [])
                    )
        except FileNotFoundError:
            return []
        return sorted(found, key=lambda part: part.number)

    def complete_upload(self, key: str, upload_id: str, parts: Sequence[Part], *, size: int) -> Stat:
        there = self.parts(key, upload_id)
        if not there and (found := self.stat(key)) and found.size == size:
            return found  # complete already
        if not there:
            self._still_open(key, upload_id)
        ordered = check_parts(parts, there, size)
        named = [{"PartNumber": part.number, "ETag": f'"{part.etag}"'} for part in ordered]
        try:
            with faults():
                self._client.complete_multipart_upload(
                    Bucket=self._bucket,
                    Key=self._name(key),
                    UploadId=upload_id,
                    MultipartUpload=cast("Any", {"Parts": named}),
                )
        except FileNotFoundError:  # somebody else was faster, or aborted it
            found = self.stat(key)
            if found is None or found.size != size:
                raise
            return found
        except StorageUnavailable as error:
            if error_code(error) not in {"EntityTooSmall", "InvalidPart", "InvalidPartOrder"}:
                raise
            raise PartsMissing(
                "The storage refuses the parts: one is below 5 MiB, or was sent again meanwhile."
            ) from error
        return self._arrived(key, size)

    def abort_upload(self, key: str, upload_id: str) -> None:
        try:
            with faults():
                self._client.abort_multipart_upload(
                    Bucket=self._bucket, Key=self._name(key), UploadId=upload_id
                )
        except FileNotFoundError:
            return

    def sweep_uploads(self, older_than: timedelta) -> int:
        before = datetime.now(UTC) - older_than
        pages = self._client.get_paginator("list_multipart_uploads")
        with faults():
            stale = [
                (upload["Key"].removeprefix(self._prefix), upload["UploadId"])
                for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix)
                for upload in page.get("Uploads", [])
                if upload["Initiated"] <= before
            ]
        for key, upload_id in stale:
            self.abort_upload(key, upload_id)
        return len(stale)

    def ensure_cors(self, origin: str) -> str:
        rule = {
            "AllowedOrigins": [origin],
            "AllowedMethods": ["GET", "HEAD", "PUT"],
            "AllowedHeaders": ["*"],
            "ExposeHeaders": ["ETag", "Content-Range", "Accept-Ranges"],
            "MaxAgeSeconds": 3600,
        }
        try:
            with faults():
                self._client.put_bucket_cors(
                    Bucket=self._bucket, CORSConfiguration=cast("Any", {"CORSRules": [rule]})
                )
        except (StorageUnavailable, FileNotFoundError) as error:
            return (
                f"The storage did not take CORS rules for the bucket {self._bucket} ({error_code(error) or 'no answer'})."
                f" Let pages of {origin} use GET, HEAD and PUT and read the header ETag, in the settings of its server."
            )
        return ""

    def _name(self, key: str) -> str:
        return self._prefix + check_key(key)

    def _signed(self, call: str, wanted: dict[str, Any], expires: int) -> str:
        with faults():
            return self._public.generate_presigned_url(
                call, Params=wanted, ExpiresIn=min(max(expires, 1), LONGEST_EXPIRY)
            )

    def _present(self, key: str) -> None:
        if self.stat(key) is None:
            raise FileNotFoundError(f"nothing is kept under {key}")

    def _still_open(self, key: str, upload_id: str) -> None:
        """Raises FileNotFoundError when the upload is over, which `parts` does not tell from one without parts."""
        with faults():
            self._client.list_parts(Bucket=self._bucket, Key=self._name(key), UploadId=upload_id)

    def _arrived(self, key: str, size: int) -> Stat:
        found = self.stat(key)
        if found is None:
            raise StorageUnavailable(f"The storage took {key} and does not have it.", remedy="Try again.")
        if found.size != size:
            self.delete(key)
            raise SizeMismatch(declared=size, arrived=found.size)
        return found
