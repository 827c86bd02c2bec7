from storages.backends.s3 import S3Storage  # large, so not in `storage.py`: a disk needs none of it

from .storage import TakenBack


class ObjectStorage(TakenBack, S3Storage):
    """S3-compatible storage, which keeps an object whole or not at all by itself."""
