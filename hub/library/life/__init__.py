"""The life of an asset: review, moves, schedule, versions, review dates, expiry, archive."""
