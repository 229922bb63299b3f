"""What the tests know of a server that speaks S3, with what it can do said openly instead of assumed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class Can(Enum):
    """Something that not every server does."""

    REFUSE_WRONG_SIGNATURE = "refuses a wrong secret, a changed or an expired address"
    ENFORCE_SIGNED_LENGTH = "refuses a part whose length is not the one in the signature"
    SURVIVE_KILL = "keeps parts when it is killed"
    ANSWER_404 = "answers 404 at a signed address of what is gone"
    KNOW_UPLOADS = "knows the key and the beginning of an upload"
    FORGET_PARTS = "lists no parts of an upload that is complete"
    FORGIVE_RANGES = "serves the whole where it cannot read the range"
    BUCKET_CORS = "takes CORS rules for a bucket"


@dataclass(frozen=True, slots=True)
class S3Server:
    """A running server; `bucket` is there and empty when the session starts."""

    endpoint: str
    access_key: str
    secret_key: str
    can: frozenset[Can] = field(default_factory=frozenset)
    region: str = "us-east-1"
    bucket: str = "hub-tests"

    def client(self, patience: float = 60) -> S3Client:
        """`patience`: seconds that an answer, or the next of its bytes, is waited for."""
        client: S3Client = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=Config(
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": "path"},
                retries={"total_max_attempts": 1},
                read_timeout=patience,
            ),
        )
        return client

    def make_bucket(self) -> S3Server:
        self.client().create_bucket(Bucket=self.bucket)
        return self

    def fresh(self) -> str:
        """HUB_STORAGE of a place in the bucket that nobody has used."""
        return f"s3:{self.bucket}/{uuid4().hex}"
