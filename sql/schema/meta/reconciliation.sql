-- description: Files of the archive compared with rows of the warehouse, folder by folder; each number is counted from
--     its own source.
-- grain: content_type
-- column content_type: Folder under the archive's root, such as `releases`; `(root)` for files outside all folders.
-- column file_count: Number of files that the archive lists.
-- column loaded_count: Number of rows in core.fact_release.
-- column quarantined_count: Number of rows in meta.quarantine.
-- column excluded_count: Number of files excluded by a named rule.
-- column is_known: False for a folder that is not listed in seeds/content_types.csv.
-- column is_balanced: True if file_count equals loaded_count + quarantined_count + excluded_count.
create table meta.reconciliation (
    content_type varchar primary key,
    file_count bigint not null,
    loaded_count bigint not null,
    quarantined_count bigint not null,
    excluded_count bigint not null,
    is_known boolean not null,
    is_balanced boolean not null
);
