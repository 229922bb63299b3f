"""Videos that a page shows in a frame or a component: a link that a reader can open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

HOSTS = (
    "youtube.com",
    "youtube-nocookie.com",
    "youtu.be",
    "vimeo.com",
    "wistia.com",
    "loom.com",
    "dailymotion.com",
)
AUDIO_HOSTS = ("open.spotify.com", "podcasts.apple.com", "soundcloud.com", "podcasts.google.com", "anchor.fm")


def of_address(address: str) -> str:
    """The page of a video from the address of its frame, or empty when it is no video we know."""
    address = f"https:{address}" if address.startswith("//") else address
    host = host_of(address)
    if not on(host, HOSTS):
        return ""
    youtube = re.search(r"(?:embed/|shorts/|youtu\.be/)([\w-]{6,20})", address)
    if youtube and host.endswith(("youtube.com", "youtube-nocookie.com", "youtu.be")):
        return f"https://www.youtube.com/watch?v={youtube[1]}"
    vimeo = re.search(r"player\.vimeo\.com/video/(\d+)", address)
    return f"https://vimeo.com/{vimeo[1]}" if vimeo else address


def of_component(name: str, said: Mapping[str, Any]) -> str:
    """The video that a component or shortcode of this name shows, from its arguments; empty when it shows none."""
    words = {key.lower(): value for key, value in said.items() if isinstance(value, str) and value.strip()}
    kind = f"{name} {words.get('type', '')}".lower()
    for key in ("src", "url", "href", "video", "link"):
        found = of_address(words.get(key, ""))
        if found:
            return found
    number = words.get("id") or words.get("videoid") or words.get("video_id") or words.get("0") or ""
    if "youtube" in kind and re.fullmatch(r"[\w-]{6,20}", number):
        return f"https://www.youtube.com/watch?v={number}"
    if "vimeo" in kind and number.isdigit():
        return f"https://vimeo.com/{number}"
    return ""


def as_markdown(address: str) -> str:
    return f"[Watch the video]({address})"


def host_of(address: str) -> str:
    """The host of an address without `www.`, or empty."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").removeprefix("m.")


def on(host: str, hosts: tuple[str, ...]) -> bool:
    """Whether a host is one of these or below one of them."""
    return any(host == known or host.endswith(f".{known}") for known in hosts)
