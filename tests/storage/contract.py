"""What every storage does. An adapter passes by a class of a few lines that says how a `place` is made."""

from __future__ import annotations

from tests.storage.address_contract import AddressContract
from tests.storage.object_contract import ObjectContract
from tests.storage.upload_contract import UploadContract


class StorageContract(ObjectContract, AddressContract, UploadContract):
    """All of it."""
