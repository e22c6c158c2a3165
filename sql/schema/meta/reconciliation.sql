-- description: Files of the archive against rows of the warehouse, counted apart from each other.
-- grain: content_type
-- column content_type: The folder under the root; `(root)` for files that stand in none.
-- column file_count: Files the archive lists.
-- column loaded_count: Rows of core.fact_release.
-- column quarantined_count: Rows of meta.quarantine.
-- column excluded_count: Files excluded by a named rule.
-- column is_known: False for a folder that is in no seed and was never seen before.
-- column is_balanced: file_count = loaded_count + quarantined_count + excluded_count.
create table meta.reconciliation (
    content_type varchar primary key,
    file_count bigint not null,
    loaded_count bigint not null,
    quarantined_count bigint not null,
    excluded_count bigint not null,
    is_known boolean not null,
    is_balanced boolean not null
);
