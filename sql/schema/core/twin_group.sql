-- description: Groups of two or more releases with the same text.
-- grain: twin_group_id
-- references: twin_group_id in core.fact_release
-- column twin_group_id: Id of the representative release of the group.
-- column release_count: Number of releases in the group, at least two.
-- column is_identical: True if the bodies of all releases in the group are equal byte for byte, not only in letters
--     and digits.
create table core.twin_group (
    twin_group_id varchar not null,
    release_count bigint not null,
    is_identical boolean not null,
    check (release_count > 1)
);
