//! From what the hub knows to what pages and programs are told: words, counts and JSON, without any decision.

mod checks;
mod condition;
mod deletions;
mod explain;
mod freshness;
mod hidden;
mod hits;
mod inspection;
mod sources;
mod standing;
mod webhooks;
mod when;

pub(crate) use self::explain::{
    audience_json, audience_view, columns, document_line, explanation_json, exposure_json, exposure_rows, idle_rows,
    objection_json, open as open_totals, pair_view, reach_json, reach_view, step_rows,
};
pub(crate) use checks::{checks, checks_json, report_json};
pub(crate) use condition::condition_notices;
pub(crate) use deletions::{tombstone_rows, waiting_deletions};
pub(crate) use freshness::{freshness_rows, kind_reads, kind_rows, kind_words, warnings};
pub(crate) use hidden::reason as hidden_reason;
pub(crate) use hits::{container_id, hit_json, page_hit};
pub(crate) use inspection::{audit_json, comparison_card, container_card, diagnosis_json, finding_rows, people_card};
pub(crate) use sources::{
    containers_json, debt_key, debt_row, hidden_rows, problem_json, progress, progress_json, run_json, run_row,
    source_json, summary, trouble_row,
};
pub(crate) use standing::reason as not_joined;
pub(crate) use webhooks::{call_rows, webhook_address, webhook_json};
pub(crate) use when::{machine, moment};
