"""TABLES of law 13: every date of a model is a promise with who reads it, a record of what was, or a promise
without a clock; and who reckons a date ahead.
"""

from __future__ import annotations

JOB, PAGE = "job", "page"
Clock = tuple[str, str, str]
"""A job or a page (endpoint), and the function or template behind it that asks for the date."""

PROMISES: dict[str, tuple[Clock, ...]] = {
    "cases.next_step_at": ((JOB, "sweep_due_rechecks", "cases/jobs.py: _claim"),),
    "cases.effective_on": (
        (JOB, "send_morning_digests", "team/jobs.py: _tell_inspectors"),
        (PAGE, "cases.index", "cases/listing.py: Listing._in_view"),
        (PAGE, "notas.field", "cases/nota/queries.py: rechecks_of"),
        (PAGE, "team.queue", "team/queries.py: overdue"),
    ),
    "cases.next_visit_on": (
        (JOB, "send_morning_digests", "team/jobs.py: _tell_inspectors"),
        (PAGE, "cases.index", "cases/listing.py: case_keyset"),
        (PAGE, "notas.field", "cases/nota/queries.py: rechecks_of"),
    ),
    "cases.due_on": (
        (PAGE, "admin.change_calendar", "admin/commands/calendar.py: CalendarChange.concerns"),
    ),
    "findings.deadline_on": (
        (JOB, "send_morning_digests", "cases/second_nota/queries.py: lapsing_on"),
        (PAGE, "cases.index", "cases/second_nota/queries.py: has_lapsed"),
        (PAGE, "notas.field", "cases/second_nota/queries.py: has_lapsed"),
        (PAGE, "team.queue", "cases/second_nota/queries.py: lapsed_ids"),
    ),
    "notas.deadline_on": (
        (JOB, "send_morning_digests", "cases/second_nota/queries.py: lapsing_on"),
        (PAGE, "cases.index", "cases/second_nota/queries.py: _second_runs"),
        (PAGE, "notas.field", "cases/next_action.py: of_the_nota"),
    ),
    "flags.review_on": (
        (JOB, "send_morning_digests", "licensing/queries.py: flags_to_review"),
        (PAGE, "licensing.flags", "licensing/queries.py: flag_keyset"),
    ),
    "offices.ended_on": ((JOB, "hand_over_offices", "office/succession/queries.py: due_to_end"),),
    "sign_ins.expires_at": (
        (JOB, "purge_sign_ins", "people/commands/access.py: forget_old_sign_ins"),
        (PAGE, "people.account", "people/queries.py: live_sessions_of"),
    ),
    "remembered_devices.expires_at": (
        (JOB, "purge_sign_ins", "people/factors/commands.py: forget_old_devices"),
        (PAGE, "factors.index", "people/factors/queries.py: live_devices"),
    ),
    "factor_resets.expires_at": (
        (PAGE, "admin.user_factors", "people/factors/queries.py: open_reset"),
    ),
    "api_tokens.expires_at": ((PAGE, "people.account", "people/queries.py: live_tokens_of"),),
    "password_resets.expires_at": (
        (JOB, "purge_sign_ins", "people/commands/resets.py: forget_resets"),
        (PAGE, "people.reset_password", "people/queries.py: live_reset"),
    ),
    "messages.next_try_at": ((JOB, "deliver_messages", "core/outbox.py: deliver_due"),),
    "imports.claimed_until": ((JOB, "run_imports", "imports/commands/claims.py: claim"),),
    "trust_roots.valid_until": ((PAGE, "admin.trust_roots", "letters/signing/queries.py: trust_roots"),),
    "violations.valid_to": ((PAGE, "notas.ask", "cases/queries.py: violations_on"),),
}  # fmt: skip
"""Columns that say what will be, or until when something holds."""

DERIVED: dict[str, tuple[Clock, ...]] = {
    "Merge.until": ((PAGE, "merges.merged", "merges/commands.py: obstacles"),),
    "Handover.until": ((PAGE, "team.handover", "team/commands.py: undo_handover"),),
    "Import.started_at": ((JOB, "purge_import_files", "imports/jobs.py: purge_import_files"),),
    "Case.updated_at": ((JOB, "discard_old_drafts", "cases/jobs.py: discard_old_drafts"),),
    "decide_by": ((PAGE, "licensing.history", "templates/licensing/history.html"),),
    "User.factor_asked_at": ((PAGE, "factors.index", "people/factors/queries.py: lacks_factor"),),
    "User.email_changed_at": ((PAGE, "admin.send_user_link", "people/queries.py: address_settles_at"),),
}  # fmt: skip
"""Promises that are no column: until when something can be undone, is kept, or is decided."""

WITHOUT_CLOCK: dict[str, str] = {}
"""Promises that nothing reads. A row leaves when its reader is built; no row may be added."""

RECORDS: dict[str, tuple[str, ...]] = {
    "when the row was made or found": (
        "api_tokens.created_at", "cases.created_at", "companies.created_at", "duplicate_pairs.found_at",
        "doubtful_companies.found_at", "idempotent_answers.created_at", "imports.created_at", "held_forms.at",
        "messages.created_at", "plan_entries.created_at", "sign_ins.created_at", "users.created_at",
        "readings.day", "readings.at",
        "users.email_changed_at", "workplaces.created_at", "sign_in_attempts.at", "company_numbers.since",
        "letters.made_at", "letter_wordings.saved_at", "article_texts.saved_at", "deliveries.recorded_at",
        "trust_roots.added_at",
        "factors.created_at", "recovery_codes.created_at", "remembered_devices.created_at",
        "users.factor_since", "users.factor_asked_at", "users.last_used_at",
        "packets.made_at", "packets.failed_at",
        "submissions.submitted_at", "cases.submitted_at",
        "files.stored_at", "files.checked_at", "files.broken_at", "evidence.added_at", "security_entries.at",
        "evidence.unreadable_at",
    ),
    "when somebody did it, or it happened": (
        "acknowledgements.at", "api_tokens.revoked_at", "cases.updated_at", "cases.escalated_on", "events.at",
        "cases.extended_on", "cases.resolved_on", "cases.unresolved_on", "cases.withdrawn_on",
        "company_names.until", "doubtful_companies.decided_at", "evidence.withdrawn_at",
        "circumstances.since_on", "circumstances.recorded_at", "circumstances.revoked_at", "flags.lifted_at",
        "companies.circumstance_since", "disputes.ended_on", "disputes.recorded_at", "cases.disputed_since",
        "packets.asked_at",
        "escalations.asked_at", "escalations.closed_at", "findings.fixed_on", "flags.raised_at",
        "flags.since_on", "licence_checks.checked_at", "licence_checks.decided_at", "merges.merged_at",
        "merges.undone_at", "messages.given_up_at", "messages.read_at", "messages.sent_at", "notas.issued_on",
        "messages.refusal_told_at",
        "notas.conveyed_on", "notas.inspected_on", "notas.received_on", "password_resets.used_at",
        "plan_entries.dropped_at", "settings.changed_at", "sign_ins.ended_at", "sign_ins.last_seen_at",
        "membership_proofs.recorded_at", "membership_proofs.checked_on",
        "visits.recorded_at", "visits.undone_at", "visits.visited_on", "duplicate_pairs.decided_at",
        "trust_roots.removed_at", "offices.handed_over_at",
        "submissions.closed_at",
        "factors.last_used_at", "factors.removed_at", "recovery_codes.used_at",
        "remembered_devices.ended_at", "factor_resets.asked_at", "factor_resets.settled_at",
        "sign_ins.confirmed_at",
    ),
    "when work was begun, went on or ended": (
        "read_only.since", "last_backup.made_at", "messages.held_at",
        "beats.at", "event_marks.at", "imports.finished_at", "imports.phase_at", "imports.started_at",
        "job_runs.finished_at", "job_runs.started_at", "job_states.finished_at", "job_states.started_at",
    ),
    "the day of a letter or a list that came from elsewhere": (
        "letters.issued_on", "letters.approved_at", "letters.numbered_at", "letters.signed_on",
        "deliveries.served_on",
        "letter_wordings.valid_from", "article_texts.valid_from", "article_texts.read_on",
        "signatories.from_on", "signatories.until_on", "letterheads.from_on",
        "membership_proofs.month", "membership_proofs.certificate_on", "bpjs_letters.received_on",
        "disputes.filed_on", "flags.letter_on", "flags.lift_letter_on", "imports.listed_on",
        "plan_reasons.listed_on",
    ),
    "a fact of the calendar or the law that others rest on": (
        "holidays.day", "violations.valid_from", "imports.counts_from", "trust_roots.valid_from",
    ),
}  # fmt: skip

RECKONS = {
    "cases/rules.py: recheck_due": "cases.due_on",
    "cases/old_notas/rules.py: outlook": "cases.next_visit_on",
    "cases/rules.py: _effective": "cases.effective_on",
    "cases/rules.py: finding_deadline": "findings.deadline_on",
    "cases/commands/rechecks.py: fall_due": "cases.next_step_at",
    "licensing/commands.py: review_flag": "flags.review_on",
    "cases/commands/visits.py: next_visit_day": "cases.next_visit_on",
    "cases/commands/team.py: Handover.until": "Handover.until",
    "cases/nota/views.py: drafts": "Case.updated_at",
    "core/outbox.py: deliver_due": "messages.next_try_at",
    "core/outbox.py: _deliver": "messages.next_try_at",
    "imports/commands/claims.py: new_claim": "imports.claimed_until",
    "imports/commands/claims.py: claim": "imports.claimed_until",
    "imports/commands/claims.py: claimed_batch": "imports.claimed_until",
    "imports/commands/claims.py: renew": "imports.claimed_until",
    "licensing/checks/rules.py: time_to_decide": "decide_by",
    "licensing/commands.py: _flag_columns": "flags.review_on",
    "licensing/sanctions.py: _raise_sanction": "flags.review_on",
    "merges/models.py: Merge.until": "Merge.until",
    "merges/doubtful/queries.py: _stored_merge": "Merge.until",
    "people/commands/access.py: _wait_for_factor": "sign_ins.expires_at",
    "people/factors/rules.py: must_have_by": "User.factor_asked_at",
    "people/factors/commands.py: finish_sign_in": "remembered_devices.expires_at",
    "people/factors/commands.py: ask_for_factor_reset": "factor_resets.expires_at",
    "people/rules.py: session_end": "sign_ins.expires_at",
    "people/commands/accounts.py: _new_token": "api_tokens.expires_at",
    "people/commands/resets.py: ask_for_reset": "password_resets.expires_at",
    "people/commands/resets.py: send_link": "password_resets.expires_at",
    "people/commands/resets.py: print_link": "password_resets.expires_at",
    "people/queries.py: address_settles_at": "User.email_changed_at",
}  # fmt: skip
"""The functions that reckon a date ahead, and the promise they make."""

ONLY_ASKS = {
    "cases/old_notas/commands.py: take_over_notas": "tomorrow, before which nothing old is due",
    "cases/old_notas/import_kind.py: _foresee": "tomorrow, before which nothing old is due",
    "cases/old_notas/import_kind.py: day_in": "a day as spreadsheets count it",
    "imports/commands/requests.py: not_said": "how far ahead an old list may be counted from",
    "imports/commands/requests.py: usual_start": "from when an old list usually counts",
    "letters/articles/rules.py: since_problem": "how far ahead a text may be dated",
    "office/succession/commands.py: end_problems": "how far ahead an office may be said to end",
    "letters/commands/drafting.py: _problems_of": "how far ahead a letter may be dated",
    "letters/commands/drafting.py: _problems_of_days": "how far ahead a letter may speak of a visit",
    "admin/audit/queries.py: within_days": "the end of the last day that is asked for",
    "admin/security/queries.py: _conditions": "the end of the last day that is asked for",
    "admin/jobs.py: send_access_digests": "the hour of this morning",
    "admin/commands/calendar.py: CalendarChange.concerns": "how far days off in a row may reach",
    "cases/listing.py: Listing._in_view": "the rechecks of the next days",
    "cases/next_action.py: refusal_of": "a day after the due one, to ask the chart",
    "cases/nota/queries.py: rechecks_of": "the rechecks of the next days",
    "core/workdays.py: WorkCalendar.next_working": "a step of the calendar",
    "core/workdays.py: WorkCalendar.add_working_days": "a step of the calendar",
    "licensing/checks/seals.py: _left_unsealed": "whether a check is dated ahead",
    "people/sessions.py: can_go_on": "whether the limit in days is what ends it",
    "reactions.py: flag_missed_rechecks": "the day after the missed one, which is past",
    "team/forms.py: ExtendForm.prepare": "the latest day that a form takes",
    "team/rules.py: days_to_tell": "the due days of which this morning tells",
    "demo/*": "invented data",
}  # fmt: skip
"""The functions that reckon a date ahead in order to ask for it, and promise nothing."""
