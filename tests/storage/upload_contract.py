"""What every storage does with uploads in parts."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from hub.errors import Invalid
from hub.storage import Part, PartsMissing, SizeMismatch
from tests.servers.s3 import Can
from tests.storage.conversation import ask
from tests.storage.place import FIRST, KEY, LAST, SMALLEST, Place


class UploadContract:
    """Uploads in parts, sent to signed addresses as a browser does."""

    def begin(self, place: Place, size: int = SMALLEST + len(LAST)) -> str:
        return place.storage.begin_upload(KEY, "video/mp4", size)

    def test_makes_one_object_of_parts(self, place: Place) -> None:
        upload = self.begin(place)
        assert place.storage.parts(KEY, upload) == []
        sent = [place.send(upload, 1, FIRST), place.send(upload, 2, LAST)]
        assert place.storage.parts(KEY, upload) == sent
        assert place.storage.stat(KEY) is None
        stat = place.storage.complete_upload(KEY, upload, sent, size=SMALLEST + len(LAST))
        assert place.read(KEY) == FIRST + LAST
        assert (stat.size, stat.content_type) == (SMALLEST + len(LAST), "video/mp4")
        assert stat == place.storage.stat(KEY)
        assert place.storage.parts(KEY, upload) == ([] if Can.FORGET_PARTS in place.can else sent)

    def test_aborting_what_is_complete_changes_nothing(self, place: Place) -> None:
        upload = self.begin(place)
        sent = [place.send(upload, 1, FIRST), place.send(upload, 2, LAST)]
        place.storage.complete_upload(KEY, upload, sent, size=SMALLEST + len(LAST))
        place.storage.abort_upload(KEY, upload)
        assert place.storage.sweep_uploads(timedelta(0)) == 0
        assert place.read(KEY) == FIRST + LAST

    def test_a_single_small_part_is_enough(self, place: Place) -> None:
        upload = self.begin(place, 1)
        place.storage.complete_upload(KEY, upload, [place.send(upload, 1, b"x")], size=1)
        assert place.read(KEY) == b"x"

    def test_takes_parts_in_any_order(self, place: Place) -> None:
        upload = self.begin(place)
        last = place.send(upload, 2, LAST)
        first = place.send(upload, 1, FIRST)
        place.storage.complete_upload(KEY, upload, [last, first], size=SMALLEST + len(LAST))
        assert place.read(KEY) == FIRST + LAST

    def test_the_last_sending_of_a_part_counts(self, place: Place) -> None:
        upload = self.begin(place)
        stale = place.send(upload, 1, bytes(SMALLEST))
        last = place.send(upload, 2, LAST)
        first = place.send(upload, 1, FIRST)
        assert place.storage.parts(KEY, upload) == [first, last]
        with pytest.raises(PartsMissing):
            place.storage.complete_upload(KEY, upload, [stale, last], size=SMALLEST + len(LAST))
        place.storage.complete_upload(KEY, upload, [first, last], size=SMALLEST + len(LAST))
        assert place.read(KEY) == FIRST + LAST

    def test_completing_again_gives_the_same(self, place: Place) -> None:
        upload = self.begin(place)
        sent = [place.send(upload, 1, FIRST), place.send(upload, 2, LAST)]
        once = place.storage.complete_upload(KEY, upload, sent, size=SMALLEST + len(LAST))
        assert place.storage.complete_upload(KEY, upload, sent, size=SMALLEST + len(LAST)) == once
        with pytest.raises((FileNotFoundError, SizeMismatch)):
            place.storage.complete_upload(KEY, upload, sent, size=SMALLEST)
        assert place.read(KEY) == FIRST + LAST

    def test_of_two_that_complete_at_once_both_get_the_object(self, place: Place) -> None:
        upload = self.begin(place)
        sent = [place.send(upload, 1, FIRST), place.send(upload, 2, LAST)]

        def complete(_: int) -> int:
            return place.storage.complete_upload(KEY, upload, sent, size=SMALLEST + len(LAST)).size

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(complete, range(4))) == [SMALLEST + len(LAST)] * 4
        assert place.read(KEY) == FIRST + LAST

    def test_a_gap_is_refused_and_can_be_filled(self, place: Place) -> None:
        upload = self.begin(place)
        last = place.send(upload, 2, LAST)
        with pytest.raises(PartsMissing, match="missing: 1"):
            place.storage.complete_upload(KEY, upload, [last], size=SMALLEST + len(LAST))
        with pytest.raises(PartsMissing):
            place.storage.complete_upload(
                KEY, upload, [Part(1, SMALLEST, "invented"), last], size=SMALLEST + len(LAST)
            )
        with pytest.raises(PartsMissing):
            place.storage.complete_upload(KEY, upload, [], size=SMALLEST + len(LAST))
        assert place.storage.stat(KEY) is None
        first = place.send(upload, 1, FIRST)
        place.storage.complete_upload(KEY, upload, [first, last], size=SMALLEST + len(LAST))
        assert place.read(KEY) == FIRST + LAST

    @pytest.mark.parametrize("off", [-1, 1])
    def test_another_size_than_declared_is_refused(self, place: Place, off: int) -> None:
        upload = self.begin(place)
        sent = [place.send(upload, 1, FIRST), place.send(upload, 2, LAST)]
        with pytest.raises(SizeMismatch) as refused:
            place.storage.complete_upload(KEY, upload, sent, size=SMALLEST + len(LAST) + off)
        assert refused.value.arrived == SMALLEST + len(LAST)
        assert place.storage.stat(KEY) is None

    def test_a_part_larger_than_declared_is_refused(self, place: Place) -> None:
        upload = self.begin(place, 4)
        url = place.storage.part_url(KEY, upload, 1, 4, 60)
        answer = ask("PUT", url, b"12345")
        if Can.ENFORCE_SIGNED_LENGTH in place.can:
            assert answer.status in {403, 413}
            assert place.storage.parts(KEY, upload) == []
        else:
            with pytest.raises(SizeMismatch):
                place.storage.complete_upload(KEY, upload, place.storage.parts(KEY, upload), size=4)
        assert place.storage.stat(KEY) is None

    def test_an_empty_upload_is_refused(self, place: Place) -> None:
        with pytest.raises(Invalid):
            self.begin(place, 0)
        upload = self.begin(place)
        with pytest.raises(Invalid):
            place.storage.part_url(KEY, upload, 1, 0, 60)

    @pytest.mark.parametrize("number", [0, -1, 10_001])
    def test_part_numbers_are_limited(self, place: Place, number: int) -> None:
        with pytest.raises(Invalid):
            place.storage.part_url(KEY, self.begin(place), number, 1, 60)

    def test_an_aborted_upload_is_gone(self, place: Place) -> None:
        upload = self.begin(place, 1)
        url = place.storage.part_url(KEY, upload, 1, 1, 60)
        part = place.send(upload, 1, b"x")
        place.storage.abort_upload(KEY, upload)
        place.storage.abort_upload(KEY, upload)
        assert place.storage.parts(KEY, upload) == []
        assert ask("PUT", url, b"x").status == (404 if Can.KNOW_UPLOADS in place.can else 500)
        with pytest.raises(FileNotFoundError):
            place.storage.complete_upload(KEY, upload, [part], size=1)
        assert place.storage.stat(KEY) is None

    def test_parts_of_one_key_are_not_those_of_another(self, place: Place) -> None:
        if Can.KNOW_UPLOADS not in place.can:
            pytest.skip("this server looks at the id of an upload alone")
        upload = self.begin(place, 1)
        part = place.send(upload, 1, b"x")
        assert place.storage.parts("other", upload) == []
        with pytest.raises(FileNotFoundError):
            place.storage.complete_upload("other", upload, [part], size=1)
        place.storage.abort_upload("other", upload)
        assert place.storage.parts(KEY, upload) == [part]

    def test_refuses_changed_and_expired_addresses_of_parts(self, place: Place) -> None:
        if Can.REFUSE_WRONG_SIGNATURE not in place.can:
            pytest.skip("this server checks no signatures")
        upload = self.begin(place, 2)
        url = place.storage.part_url(KEY, upload, 1, 2, 1)
        second = place.storage.part_url(KEY, upload, 2, 2, 60)
        changed = second.replace("partNumber=2", "partNumber=1") if "?" in second else second[:-20] + "A" * 20
        assert changed != second
        assert ask("PUT", changed, b"xx").status == 403
        time.sleep(2.1)
        assert ask("PUT", url, b"xx").status == 403
        assert place.storage.parts(KEY, upload) == []

    def test_sweeps_what_nobody_came_back_to(self, place: Place) -> None:
        upload = self.begin(place, 1)
        part = place.send(upload, 1, b"x")
        place.put("kept", b"x")
        if Can.KNOW_UPLOADS in place.can:
            assert place.storage.sweep_uploads(timedelta(hours=1)) == 0
            assert place.storage.parts(KEY, upload) == [part]
        time.sleep(1.1)  # servers tell the time in whole seconds
        assert place.storage.sweep_uploads(timedelta(0)) == 1
        assert place.storage.parts(KEY, upload) == []
        assert place.storage.sweep_uploads(timedelta(0)) == 0
        assert list(place.storage.list()) == ["kept"]

    def test_says_in_words_when_cors_cannot_be_set(self, place: Place) -> None:
        said = place.storage.ensure_cors("https://hub.example.com")
        assert (said == "") == (Can.BUCKET_CORS in place.can)
        assert said == "" or "https://hub.example.com" in said
