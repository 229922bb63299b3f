"""Talking to an S3 server: the client, its faults in the hub's words, and streams in both directions."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.response import StreamingBody

from hub.storage.faults import StorageUnavailable

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

CHUNK = 1024 * 1024
MISSING = frozenset({"404", "NoSuchKey", "NoSuchUpload", "NotFound"})


@dataclass(frozen=True, slots=True)
class S3Options:
    """How to reach an S3 server. Empty values: Amazon's endpoint, boto3's own search for keys.

    `checksums` is `when_required`, `when_supported` or `auto`: only when required as soon as there is an endpoint, because
    many servers stumble over the others. `public_endpoint` is the endpoint as browsers reach it. `path_style` None: as soon
    as there is an endpoint.
    """

    endpoint: str = ""
    region: str = "us-east-1"
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    checksums: str = "auto"
    public_endpoint: str = ""
    path_style: bool | None = None


@lru_cache(maxsize=8)
def connect(options: S3Options, endpoint: str) -> S3Client:
    """A client, made once in each process; threads may share it."""
    own = bool(options.endpoint)
    checksums: Any = options.checksums
    if checksums == "auto":
        checksums = "when_required" if own else "when_supported"
    path_style = own if options.path_style is None else options.path_style
    with faults():
        client: S3Client = boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint or None,
            region_name=options.region,
            aws_access_key_id=options.access_key or None,
            aws_secret_access_key=options.secret_key or None,
            config=Config(
                signature_version="s3v4",
                request_checksum_calculation=checksums,
                response_checksum_validation=checksums,
                s3={"addressing_style": "path" if path_style else "virtual"},
                retries={"mode": "standard", "total_max_attempts": 3},
                connect_timeout=5,
                read_timeout=60,
                max_pool_connections=32,
            ),
        )
        return client


@contextmanager
def faults() -> Iterator[None]:
    """Turn what boto3 raises into FileNotFoundError (no such object or upload) or StorageUnavailable."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in MISSING:
            raise FileNotFoundError(f"the storage has no such object or upload ({code})") from error
        raise StorageUnavailable(f"The storage refuses ({code}).", remedy=_remedy(code)) from error
    except (BotoCoreError, Boto3Error) as error:
        raise StorageUnavailable(
            "The storage does not answer.",
            remedy="Try again; if it stays, check HUB_S3_ENDPOINT and the keys.",
        ) from error


def error_code(error: BaseException) -> str:
    """The S3 error code behind an error of `faults`, or an empty string."""
    cause = error.__cause__
    return str(cause.response.get("Error", {}).get("Code", "")) if isinstance(cause, ClientError) else ""


def _remedy(code: str) -> str:
    if code == "NoSuchBucket":
        return "Make the bucket that HUB_STORAGE names."
    if code in {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403", "Forbidden"}:
        return "Check HUB_S3_ACCESS_KEY_ID, HUB_S3_SECRET_ACCESS_KEY and what they may do in the bucket."
    return "Try again; if it stays, look into the log of the storage server."


class Body(io.RawIOBase):
    """What an S3 server sends, as a file to be read once."""

    def __init__(self, body: StreamingBody) -> None:
        super().__init__()
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        with faults():
            chunk: bytes = self._body.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._body.close()
        super().close()


class Kept:
    """A stream that boto3 may read but neither close nor rewind: it belongs to the caller. `count` bytes were read of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._stream.read(size)
        self.count += len(chunk)
        return chunk
