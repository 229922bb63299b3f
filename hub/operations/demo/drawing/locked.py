"""A PDF that asks for a password nobody has: every library holds one."""

from __future__ import annotations

import secrets
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas


def write_locked(target: Path, title: str, text: str) -> None:
    """Write a PDF of one page, encrypted."""
    lock = StandardEncryption(secrets.token_urlsafe(12), ownerPassword=secrets.token_urlsafe(12))
    canvas = Canvas(str(target), pagesize=A4, encrypt=lock)
    canvas.setTitle(title)
    canvas.drawString(72, 720, text)
    canvas.save()
