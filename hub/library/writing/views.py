"""What the form asks while one types, and what becomes of writing that was left."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.errors import NotFound
from hub.library import assets
from hub.library.forms import AssetForm
from hub.library.kinds import KINDS, Kind
from hub.library.writing import keeping, reading
from hub.web.request import db

blueprint = Blueprint("writing", __name__, url_prefix="/library/writing")


@blueprint.post("")
@requires(Permission.DRAFT)
def keep() -> ResponseReturnValue:
    """Keep a form as it stands; answers under which name and when, who else is at it, and the version that is saved."""
    kind = next((kind for kind in Kind if kind.value == request.form.get("kind")), None)
    if kind is None:
        raise NotFound("There is no such kind of asset.")
    asset_id = request.form.get("asset", "")
    kept = keeping.keep(db(), me(), AssetForm.sent(kind, request.form), asset_id)
    if kept is None:
        return {"ended": True}
    asset = assets.get(db(), me(), asset_id) if asset_id else None
    return {
        "writing": kept.writing,
        "seen": kept.at.isoformat(),
        "others": keeping.others(db(), me(), asset) if asset else [],
        "version": asset.version if asset else 0,
    }


@blueprint.get("/<writing>")
@requires(Permission.DRAFT)
def show(writing: str) -> ResponseReturnValue:
    """Unsaved writing beside what is saved."""
    left = keeping.get(db(), me(), writing)
    shown = reading.left(db(), me(), left)
    return render_template("library/writing.html", left=left, shown=shown, spec=KINDS[left.kind])


@blueprint.post("/<writing>/drop")
@requires(Permission.DRAFT)
def drop(writing: str) -> ResponseReturnValue:
    """Let unsaved writing go."""
    left = keeping.get(db(), me(), writing)
    asset = reading.left(db(), me(), left).asset
    keeping.drop(db(), me(), writing)
    flash("Dropped. What is saved was not touched.", "success")
    if asset is None:
        return redirect(url_for("library.compose", kind=left.kind.value))
    return redirect(url_for("library.edit", public_id=asset.public_id))
