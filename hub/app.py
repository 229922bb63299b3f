"""create_app(): settings, extensions, blueprints, jobs. With operations/, the only code that imports every feature."""

from __future__ import annotations

import logging
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask

from config import ROOT, Settings
from hub import db, jobs, models, navigation, search, storage
from hub.accounts import forgetting, guard, mentions
from hub.accounts import jobs as account_jobs
from hub.accounts.openid import options as openid
from hub.accounts.openid import provider as openid_provider
from hub.accounts.views import blueprint as account_pages
from hub.analytics.adoption.views import blueprint as adoption_pages
from hub.analytics.contributors.views import blueprint as contributor_pages
from hub.analytics.gaps import company
from hub.analytics.gaps import jobs as gap_jobs
from hub.analytics.gaps import running as gaps
from hub.analytics.gaps.views import blueprint as gap_pages
from hub.analytics.health.views import blueprint as content_health_pages
from hub.analytics.one_asset.views import blueprint as one_asset_pages
from hub.analytics.views import blueprint as insight_pages
from hub.analytics.weekly import jobs as weekly_jobs
from hub.discovery import drawing as list_drawing
from hub.discovery import facet_drawing
from hub.discovery import jobs as discovery_jobs
from hub.discovery.own_views import blueprint as own_pages
from hub.discovery.reading_views import blueprint as reading_pages
from hub.discovery.terms_used import terms_used as told_or_saved
from hub.discovery.tuning.service import synonym_words
from hub.discovery.tuning.views import blueprint as tuning_pages
from hub.discovery.views import blueprint as discovery_pages
from hub.feedback.comments.views import blueprint as comment_pages
from hub.feedback.flags import jobs as flag_jobs
from hub.feedback.flags.service import is_flagged
from hub.feedback.flags.views import blueprint as flag_pages
from hub.feedback.moderation_views import blueprint as moderation_pages
from hub.feedback.requests import jobs as request_jobs
from hub.feedback.requests.terms_used import terms_used as requested
from hub.feedback.requests.views import blueprint as request_pages
from hub.feedback.views import blueprint as feedback_pages
from hub.library import drawing as asset_drawing
from hub.library import jobs as library_jobs
from hub.library import titles
from hub.library.api import blueprint as uploads_api
from hub.library.bulk import jobs as bulk_jobs
from hub.library.bulk.views import blueprint as bulk_pages
from hub.library.captions.views import blueprint as caption_pages
from hub.library.care import flagged, offering, use
from hub.library.care import jobs as care_jobs
from hub.library.care.views import blueprint as care_pages
from hub.library.collections.views import blueprint as collection_pages
from hub.library.imports import jobs as import_jobs
from hub.library.imports.api import blueprint as import_uploads_api
from hub.library.imports.views import blueprint as import_pages
from hub.library.life.review_views import blueprint as review_pages
from hub.library.life.views import blueprint as life_pages
from hub.library.links import jobs as link_jobs
from hub.library.links.views import blueprint as link_pages
from hub.library.pins.views import blueprint as pin_pages
from hub.library.taxonomy import jobs as term_jobs
from hub.library.taxonomy import removing
from hub.library.taxonomy.views import blueprint as term_pages
from hub.library.views import blueprint as library_pages
from hub.library.writing import jobs as writing_jobs
from hub.library.writing.views import blueprint as writing_pages
from hub.notices import acts as notice_acts
from hub.notices import jobs as notice_jobs
from hub.notices import titles as notice_titles
from hub.notices.views import blueprint as notice_pages
from hub.operations.forgetting import FORGETTING, MENTIONS
from hub.operations.health import blueprint as health_pages
from hub.operations.job_views import blueprint as job_pages
from hub.outbound import jobs as outbound_jobs
from hub.outbound import mail
from hub.outbound import web as web_client
from hub.storage.views import blueprint as file_pages
from hub.usage import jobs as usage_jobs
from hub.usage import retention, rollups
from hub.usage.since import used_since
from hub.usage.views import blueprint as usage_api
from hub.usage.xapi import sending as xapi
from hub.web import assets, compression, failures, filters, paths, security
from hub.web import drawing as text_drawing
from hub.web import request as web_request

JOBS = (
    account_jobs,
    outbound_jobs,
    notice_jobs,
    library_jobs,
    term_jobs,
    writing_jobs,
    bulk_jobs,
    import_jobs,
    link_jobs,
    care_jobs,
    discovery_jobs,
    usage_jobs,
    flag_jobs,
    request_jobs,
    gap_jobs,
    weekly_jobs,
)
PAGES = (
    account_pages,
    notice_pages,
    library_pages,
    life_pages,
    review_pages,
    bulk_pages,
    collection_pages,
    pin_pages,
    link_pages,
    care_pages,
    term_pages,
    writing_pages,
    uploads_api,
    import_uploads_api,
    import_pages,
    caption_pages,
    usage_api,
    feedback_pages,
    comment_pages,
    flag_pages,
    moderation_pages,
    request_pages,
    insight_pages,
    adoption_pages,
    one_asset_pages,
    contributor_pages,
    gap_pages,
    content_health_pages,
    discovery_pages,
    reading_pages,
    own_pages,
    tuning_pages,
    job_pages,
    health_pages,
)


def create_app(settings: Settings) -> Flask:
    """The hub as a Flask application, bound to the database, storage and search engine that the settings name.

    Raises:
        SettingsError: the settings ask for something that cannot be had.
    """
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = Flask("hub", root_path=str(ROOT), static_folder="static", template_folder="templates")
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key, MAX_UPLOAD=settings.max_upload, HUB_URL=settings.url
    )
    app.extensions["hub.settings"] = settings
    app.extensions["hub.metadata"] = models.metadata
    bind_engines(app, settings)
    jobs.init_app(app, jobs.JobRegistry(JOBS))
    answer_lower_code(app, settings)
    reach_outside(app, settings)
    answer_requests(app, settings)
    draw_pages(app)
    register_pages(app)
    return app


def bind_engines(app: Flask, settings: Settings) -> None:
    """Database, storage and search, as the settings choose them."""
    db.init_app(app, settings.database_url)
    app.extensions["hub.s3"] = s3_options(settings)
    files = storage.make_storage(
        settings.storage,
        data=settings.data,
        url=(settings.media_url or settings.url) + "/files",
        secret=settings.secret_key.encode(),
        origin=settings.url,
        s3=app.extensions["hub.s3"],
    )
    storage.init_app(app, files)
    app.extensions["hub.search"] = search.make_engine(settings.search, settings.data)


def answer_lower_code(app: Flask, settings: Settings) -> None:
    """Give lower features what they ask for and only higher ones know."""
    notice_titles.init_app(app, titles.visible_titles)
    notice_acts.init_app(app, offering.offered)
    use.init_app(app, used_since)
    flagged.init_app(app, is_flagged)
    removing.init_app(app, (requested, told_or_saved))
    forgetting.init_app(app, FORGETTING)
    mentions.init_app(app, MENTIONS)
    retention.init_app(
        app,
        {"usage.rollup": rollups.counted_until, "gaps.count": gaps.counted_until}
        | ({"usage.xapi": xapi.told_until} if settings.xapi_url else {}),
    )
    company.init_app(app, synonym_words)


def reach_outside(app: Flask, settings: Settings) -> None:
    """The mail server, other web servers, and who signs people in."""
    mail.init_app(app, settings.mail_server, settings.mail_from, settings.url)
    web_client.init_app(app, settings.fetch_hosts)
    openid_provider.init_app(app, openid_options(settings))


def answer_requests(app: Flask, settings: Settings) -> None:
    """What stands around every view: session, headers, compression, failures, and who may come in."""
    web_request.init_app(app)
    media = origin_of(app.extensions["hub.storage"].url("probe", expires=60))
    security.init_app(
        app,
        secure=settings.url.startswith("https://"),
        production=settings.production,
        proxies=settings.trusted_proxies,
        session_life=timedelta(days=settings.session_days),
        media_origins=[media] if media != settings.url else [],
    )
    compression.init_app(app)
    failures.init_app(app)
    guard.init_app(app)


def draw_pages(app: Flask) -> None:
    """What templates use: filters, addresses, the built front end, and the parts that functions draw."""
    filters.init_app(app)
    paths.init_app(app)
    assets.init_app(app, ROOT / "static" / "dist")
    draw_in_python(app)
    navigation.init_app(app)


def register_pages(app: Flask) -> None:
    """Every page, and the addresses of files, which answer whoever has a signed one."""
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    app.register_blueprint(file_pages, url_prefix="/files")
    security.csrf.exempt(file_pages)  # each address is signed, for one method, key and time
    for endpoint in [name for name in app.view_functions if name.startswith(f"{file_pages.name}.")]:
        guard.open_to_all(app.view_functions[endpoint])


def draw_in_python(app: Flask) -> None:
    """Let templates use what is drawn by functions: the parts of which a page of results has hundreds."""
    app.jinja_env.globals.update(
        drawn_text=text_drawing.DRAWN,
        drawn_asset=asset_drawing.DRAWN,
        drawn_results=list_drawing.DRAWN,
        drawn_facets=facet_drawing.DRAWN,
    )


def s3_options(settings: Settings) -> storage.S3Options:
    checksums = settings.s3_checksums
    if checksums == "auto":
        checksums = "when_required" if settings.s3_endpoint else "when_supported"
    return storage.S3Options(
        endpoint=settings.s3_endpoint,
        public_endpoint=settings.s3_public_endpoint,
        region=settings.s3_region,
        access_key=settings.s3_access_key_id,
        secret_key=settings.s3_secret_access_key,
        checksums=checksums,
    )


def openid_options(settings: Settings) -> openid.Options | None:
    """How people sign in by OpenID Connect; None when no provider is set."""
    if not settings.oidc_issuer:
        return None
    return openid.Options(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        name=settings.oidc_name,
        scopes=settings.oidc_scopes,
        link_by_email=settings.oidc_link_by_email,
        create=settings.oidc_create,
        role=openid.role(settings.oidc_role),
        groups_claim=settings.oidc_groups_claim,
        rules=openid.rules(settings.oidc_groups),
        refuse_other_groups=settings.oidc_other_groups == "refuse",
    )


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
