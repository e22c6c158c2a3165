-- description: The releases of the state being loaded, without their texts; stored once because a dozen statements
--     read them. Titles that begin with the same 25 letters have the same title_key.
-- scope: content
create table work.current_release as
select
    identity.release_id,
    identity.content_type,
    identity.release_row,
    identity.size,
    release.* exclude ( -- noqa: AM04
        parser_version, body, cleaned_body, links, -- noqa: RF02
        term_ids, term_body_counts, term_title_counts, amounts -- noqa: RF02
    ),
    year(release.printed_date) = 1 as is_undated,
    hash(nullif(release.body, '')) as body_hash,
    len(release.links) as link_count,
    len(release.amounts) as money_amount_count,
    left(regexp_replace(lower(strip_accents(release.title)), '[^\p{L}\p{N}]', '', 'g'), 25) as title_key
from work.identity
inner join staging.release
    on identity.release_row = release.rowid
where identity.id_rank = 1;
