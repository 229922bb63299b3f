"""The pages of accounts: one table of addresses."""

from __future__ import annotations

from flask import Blueprint

from hub.accounts.openid.provider import BACK
from hub.accounts.views import (
    entrance,
    forgetting,
    forgotten,
    invitations,
    leaving,
    openid,
    people,
    profile,
    record,
    sessions,
    teams,
)
from hub.outbound import mail

blueprint = Blueprint("accounts", __name__)
blueprint.add_app_template_global(mail.configured, "sends_mail")

FORM = ("GET", "POST")

for address, view, methods in (
    ("/sign-in", entrance.sign_in, FORM),
    ("/sign-in/openid", openid.to_provider, ("GET",)),
    (BACK, openid.from_provider, ("GET",)),
    ("/sign-in/forgotten", forgotten.forgotten, FORM),
    ("/sign-in/forgotten/<secret>", forgotten.new_password, FORM),
    ("/sign-in/<secret>", entrance.link, FORM),
    ("/sign-out", entrance.sign_out, ("POST",)),
    ("/welcome/<secret>", entrance.welcome, FORM),
    ("/profile", profile.profile, FORM),
    ("/profile/password", profile.password, ("POST",)),
    ("/profile/sessions", sessions.end_others, ("POST",)),
    ("/profile/sessions/<session_id>/end", sessions.end_mine, ("POST",)),
    ("/profile/openid", openid.connect, ("POST",)),
    ("/profile/openid/<identity_id>/disconnect", openid.disconnect, ("POST",)),
    ("/people", people.people, ("GET",)),
    ("/people/new", people.add_person, FORM),
    ("/people/invite", invitations.invite_many, FORM),
    ("/people/<public_id>/account", people.person, FORM),
    ("/people/<public_id>/invite", invitations.invite_again, ("POST",)),
    ("/people/<public_id>/withdraw", invitations.withdraw, ("POST",)),
    ("/people/<public_id>/link", people.new_link, ("POST",)),
    ("/people/<public_id>/sessions", sessions.end_theirs, ("POST",)),
    ("/people/<public_id>/deactivate", leaving.deactivate, FORM),
    ("/people/<public_id>/hand-over", leaving.hand_over, FORM),
    ("/people/<public_id>/forget", forgetting.forget, ("POST",)),
    ("/people/<public_id>/named", forgetting.named, FORM),
    ("/people/<public_id>/reactivate", people.reactivate, ("POST",)),
    ("/people/<public_id>/openid/<identity_id>/disconnect", openid.disconnect_theirs, ("POST",)),
    ("/record", record.record, ("GET",)),
    ("/record.csv", record.record_csv, ("GET",)),
    ("/teams", teams.teams, FORM),
    ("/teams/<public_id>", teams.team, ("GET",)),
    ("/teams/<public_id>", teams.rename, ("POST",)),
    ("/teams/<public_id>/delete", teams.delete, ("POST",)),
    ("/teams/<public_id>/members", teams.join, ("POST",)),
    ("/teams/<public_id>/members/<person_id>/leave", teams.leave, ("POST",)),
    ("/teams/<public_id>/members/<person_id>/<any(lead, unlead):act>", teams.lead, ("POST",)),
):
    blueprint.add_url_rule(address, view_func=view, methods=methods)
