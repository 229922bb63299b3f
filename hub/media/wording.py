"""The sentences people see when something cannot be made of a file: what is wrong, and what to do."""

from __future__ import annotations

from hub.media.kinds import ENCRYPTED_OFFICE, PLAYLIST

_NOT_SHOWN = {
    "application/x-empty": "This file is empty. Check the file on your computer and upload it again.",
    ENCRYPTED_OFFICE: "This Office file is protected by a password. Save a copy without the password and upload it again.",
    "application/x-ole-storage": "Hub can't look inside files as old as this. Save it as .pptx, .docx or PDF and upload that.",
    PLAYLIST: "This is a playlist: it only names other files, which Hub does not open. Upload the video itself.",
    "image/svg+xml": "Hub keeps this SVG drawing but doesn't show it, because such files can hold scripts. "
    "Upload a PNG of it to have it shown.",
    "application/vnd.apple.keynote": "Hub can't look inside a Keynote deck. Export it as PDF or PowerPoint and upload that.",
    "application/vnd.apple.pages": "Hub can't look inside a Pages document. Export it as PDF or Word and upload that.",
    "application/vnd.ms-powerpoint": "Hub can't look inside PowerPoint files from before 2007. "
    "Save it as .pptx or PDF and upload that.",
    "application/msword": "Hub can't look inside Word files from before 2007. Save it as .docx or PDF and upload that.",
    "application/vnd.ms-excel": "Hub can't look inside Excel files from before 2007. Save it as .xlsx and upload that.",
    "text/x-shellscript": "This is a script. Hub keeps it but neither runs nor shows it.",
}
_NOT_SHOWN_FAMILY = {
    "slides": "Hub keeps this {label} but can't look inside. Save it as .pptx or PDF and upload that to have it searched.",
    "document": "Hub keeps this {label} but can't look inside. Save it as .docx or PDF and upload that to have it searched.",
    "sheet": "Hub keeps this {label} but can't look inside. Save it as .xlsx or CSV and upload that to have it searched.",
    "image": "Hub keeps this {label} but can't show it. Save it as PNG or JPEG and upload that to have it shown.",
    "video": "Hub keeps this {label} but can't play it. Save it as MP4 and upload that to have it played.",
    "audio": "Hub keeps this {label} but can't play it. Save it as MP3 or M4A and upload that to have it played.",
    "archive": "Hub keeps this {label} but doesn't unpack it. Upload the files inside one by one to have them found.",
    "program": "This is a program ({label}). Hub keeps it but neither runs nor shows it.",
}

WITHOUT_WORDS = (
    "There are no words in this file: only blank lines. Check it on your computer and upload it again."
)


def not_shown(mime: str, family: str, label: str, claimed: str | None) -> str:
    """Why only the original is kept."""
    if claimed and mime == "application/zip":
        return damaged(claimed)
    words = _NOT_SHOWN.get(mime) or _NOT_SHOWN_FAMILY.get(family, "Hub keeps this file but can't show it.")
    words = words.format(label=label)
    return f"{claims(label, claimed)} {words}" if claimed else words


def claims(label: str, claimed: str | None) -> str:
    """The name and the content disagree."""
    return f"By its name this is “{claimed}”, by its content “{label}”." if claimed else ""


def damaged(label: str) -> str:
    return (
        f"Hub could not read this file as “{label}”: it seems damaged or incomplete. "
        "Save it again in the program it was made with and upload the new copy."
    )


def with_password(label: str) -> str:
    return f"This {label} is protected by a password. Save a copy without the password and upload it again."


def without_text(label: str) -> str:
    return (
        f"Hub found no text in this {label}, so search finds it only by its title and description. "
        "Upload it as PDF to have its pages shown."
    )


def crashed(label: str) -> str:
    return (
        f"Reading this file ({label}) broke off: it is damaged, or needs more memory than Hub allows one file. "
        "Save it again, smaller if you can, and upload the new copy."
    )


def too_much_memory(label: str) -> str:
    return (
        f"Reading this file ({label}) needs more memory than Hub allows one file. "
        "Save it with smaller pictures or fewer pages and upload that."
    )


def too_much_output(label: str) -> str:
    return (
        f"What Hub makes of this file ({label}) grew larger than the limit for one file. "
        "Save it smaller or in parts and upload those."
    )


def too_slow(label: str, family: str, seconds: int) -> str:
    span = f"{seconds // 60} minutes" if seconds >= 120 else f"{seconds} seconds"
    remedy = {
        "video": "Upload a shorter video, or one saved as MP4 (H.264), which needs no conversion.",
        "audio": "Upload a shorter recording, or one saved as MP3 or M4A, which needs no conversion.",
    }.get(family, "Save it again with fewer or simpler pages and upload that.")
    return f"Hub stopped working on this file ({label}) after {span}. {remedy}"
