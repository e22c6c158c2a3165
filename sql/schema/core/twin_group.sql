-- description: Groups of two or more releases of the same text.
-- grain: twin_group_id
-- references: twin_group_id in core.fact_release
-- column twin_group_id: Release that stands for the group.
-- column release_count: Releases of the group.
-- column is_identical: True where the bodies are the same byte for byte, not only in letters and digits.
create table core.twin_group (
    twin_group_id varchar not null,
    release_count bigint not null,
    is_identical boolean not null,
    check (release_count > 1)
);
