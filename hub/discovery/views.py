"""Pages of the reading side: home, search, suggestions, the asset page."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission, may
from hub.db import now
from hub.discovery.addresses import Addresses, asked_of
from hub.discovery.collected import collected
from hub.discovery.facets import declared
from hub.discovery.finding import find, settled
from hub.discovery.home import home as home_of
from hub.discovery.orders import ORDERS
from hub.discovery.palette import options as palette_options
from hub.discovery.reading import read
from hub.discovery.related import related
from hub.discovery.suggesting import suggestions
from hub.feedback.service import panel
from hub.library.kinds import Kind
from hub.library.life.standing import standing
from hub.library.models import Asset
from hub.library.writing import sources
from hub.search import engine
from hub.usage import searches
from hub.web.pagination import page_number
from hub.web.request import db

blueprint = Blueprint("discovery", __name__)


@blueprint.get("/")
@requires(Permission.READ)
def home() -> ResponseReturnValue:
    """Where to begin."""
    return render_template("discovery/home.html", home=home_of(db(), engine(), me()))


@blueprint.get("/search")
@requires(Permission.READ)
def search() -> ResponseReturnValue:
    """What fits, narrowed by facets. A facet that is typed is ticked, at the address that says so."""
    given = asked_of(request.args, declared(me()))
    asked = settled(db(), me(), given)
    if asked != given:
        return redirect(Addresses(asked).page(asked.page))
    found = find(db(), engine(), me(), asked)
    return render_template(
        "discovery/search.html",
        query=found.asked.words,
        asked=found.asked,
        found=found,
        orders=ORDERS,
        address=Addresses(found.asked),
        may_tune=may(me().role, Permission.PUBLISH),
        ticket=searches.ticket(
            current_app.config["SECRET_KEY"],
            me(),
            words=found.asked.words,
            filters=found.asked.filters,
            order=found.asked.order,
            page=found.asked.page,
            total=found.page.total,
            took_ms=found.took_ms,
            at=now(),
        ),
    )


@blueprint.get("/search/suggest")
@requires(Permission.READ)
def suggest() -> ResponseReturnValue:
    """Titles and terms while one types."""
    options = suggestions(db(), engine(), me(), _begun())
    return render_template("discovery/_suggest.html", options=options)


@blueprint.get("/search/palette")
@requires(Permission.READ)
def palette() -> ResponseReturnValue:
    """What one can do or find by the words typed into the command palette."""
    found = palette_options(db(), engine(), me(), _begun())
    return render_template("discovery/_suggest.html", options=found)


@blueprint.get("/a/<public_id>")
@requires(Permission.READ)
def asset(public_id: str) -> ResponseReturnValue:
    """One asset; `view=reading` is the thing alone."""
    reading = read(db(), me(), public_id, request.args.get("transcript", ""))
    if request.args.get("view") == "reading":
        return render_template("discovery/asset_reading.html", reading=reading, asset=reading.asset)
    origin = sources.origin_of(db(), me(), reading.asset)
    bites = sources.bites_of(db(), me(), reading.asset)
    beside = [bite.id for bite in bites] + ([origin.source.id] if origin else [])
    return render_template(
        "discovery/asset.html",
        reading=reading,
        asset=reading.asset,
        panel=panel(db(), me(), reading.asset),
        origin=origin,
        bites=bites,
        related=related(db(), engine(), me(), reading.asset, beside),
        take_url=_take_url(reading.asset),
        standing=standing(db(), me(), reading.asset),
    )


@blueprint.get("/collections/<public_id>")
@requires(Permission.READ)
def collection(public_id: str) -> ResponseReturnValue:
    """One collection, as far as this person may see what is in it."""
    found = collected(db(), me(), public_id, page_number(request.args.get("page")))
    return render_template("discovery/collection.html", found=found, collection=found.collection)


def _take_url(asset: Asset) -> str:
    """Where words of this asset become a sound bite; one is not made of another."""
    if asset.kind is Kind.SOUND_BITE or not may(me().role, Permission.DRAFT):
        return ""
    return f"{url_for('library.compose', kind=Kind.SOUND_BITE.value)}?from={asset.public_id}"


def _begun() -> str:
    """What has been typed so far, without what no text of a database holds."""
    return request.args.get("q", "").replace("\0", "")[:200]
