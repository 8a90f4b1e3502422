"""Which tables the province of the benchmarks fills, and with which columns.

Every mandatory column must be given: the store refuses rows without it, and a test of the suite names it.
"""

from __future__ import annotations

COLUMNS = {
    "users": "id email name role office_id language password_hash wants_email shortcuts hints_seen dense"
             " active created_at version",
    "api_tokens": "id user_id label secret_hash created_at",
    "companies": "id name name_key region_code nib npwp npwp_core npp kbli kbli_version scale address"
             " address_key workers_total created_at version",
    "company_names": "id company_id kind name key form search_key initials until",
    "company_numbers": "id company_id kind number core since",
    "workplaces": "id company_id name region_code address workers_total created_at",
    "duplicate_pairs": "id low_id high_id score reasons state found_at",
    "duplicate_search": "id last_event_id",
    "cases": "id number draft_key draft status company_id inspector_id region_code workers_total"
             " workers_registered due_on effective_on due_why next_step_at created_at updated_at"
             " unresolved_on next_visit_on resolved_on version",
    "notas": "id case_id kind number inspector_id inspected_on issued_on conveyed_on company_name"
             " workers_total workers_registered",
    "findings": "id case_id nota_id violation_id position programmes workers_affected deadline_days"
                " deadline_day_type fixed_on",
    "visits": "id case_id visited_on outcome workers_registered by_id recorded_at",
    "plan_entries": "id company_id region_code workers_total workers_registered created_at",
    "plan_reasons": "id entry_id category source listed_on",
    "flags": "id case_id company_id region_code level reason since_on review_on raised_at raised_by lifted_at"
             " lifted_by lift_reason version",
    "licence_checks": "id receipt code asked company_id verdict answer checked_at by_id office_id",
    "messages": "id key kind channel user_id language case_id data created_at read_at attempts sent_at",
    "events": "id at kind actor_id actor_name case_id company_id subject data seen_version hash mac",
    "counters": "name year last",
}  # fmt: skip
"""The tables that are filled, in an order in which their rows may be written, and the columns given."""
OF_THE_APPLICATION = frozenset(
    {
        "offices",
        "violations",
        "holidays",
        "event_head",
        "event_marks",
        "stamps",
        "beats",
        "job_runs",
        "job_states",
        "schema_floors",
        "scheduler_leases",
    }
)
"""Filled by the migrations, or by the application while it is measured."""
LEFT_EMPTY = {
    "submissions": "none where inspectors issue by themselves",
    "escalations": "few, and none in an invented province",
    "circumstances": "few, and none in an invented province",
    "disputes": "few, and none in an invented province",
    "permit_kinds": "a few for each office",
    "doubtful_companies": "few, and none in an invented province",
    "doubt_search": "one row, made by the nightly job",
    "settings": "the defaults hold",
    "sign_ins": "made by signing in",
    "sign_in_attempts": "forgotten every night",
    "held_forms": "forgotten every night",
    "password_resets": "forgotten every night",
    "idempotent_answers": "forgotten after two days",
    "saved_views": "a few per person",
    "acknowledgements": "read with a flag, by its id",
    "imports": "made by the benchmark of imports",
    "import_rows": "made by the benchmark of imports",
    "import_files": "kept a month",
    "files": "come with letters and evidence",
    "letters": "made with each nota that is issued through Patuh",
    "signatories": "a few",
    "letterheads": "a few for each inspectorate",
    "letter_wordings": "a few for each kind",
    "article_texts": "a few for each article",
    "deliveries": "read with a letter, by its index",
    "trust_roots": "a few",
    "factors": "a few for each person",
    "recovery_codes": "ten for each person at most",
    "remembered_devices": "a few for each person",
    "factor_resets": "a few",
    "readings": "read about one page at a time, by its index",
    "read_only": "one row while nothing may be written",
    "last_backup": "one row",
    "old_notas": "only where an office brought a list of them",
    "membership_proofs": "read with a flag or a visit, by its id",
    "bpjs_letters": "read with a flag, by its index",
    "evidence": "read about one case at a time, by its index",
    "packets": "read about one case at a time, by its index",
    "import_mappings": "a few",
    "security_entries": "bounded, and none while nobody attacks",
    "merges": "rare",
}
"""Tables without rows, and why they need none. A new table is named here or filled: a test looks."""
