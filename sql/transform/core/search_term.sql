-- description: The words of all loaded releases, numbered so that the forms of a word follow each other.
insert into core.search_term by name
with used as (
    select unnest(release.term_ids) as term_id
    from work.current_release
    inner join staging.release
        on current_release.release_row = release.rowid
),

counted as (
    select
        term_id,
        count(*) as release_count
    from used
    group by term_id
),

names as (
    select lower(strip_accents(unnest(regexp_extract_all(minister_name, '[\p{L}\p{N}_]+')))) as term
    from core.dim_minister
    where is_person
),

numbered as (
    select
        term.term,
        term.family,
        counted.release_count,
        replace(term.term, '-', '') as bare_term,
        (row_number() over (order by term.family, bare_term, term.term))::integer as term_number,
        term.term in (select names.term from names) as is_name,
        counted.release_count / (select count(*) from work.current_release) as release_share
    from counted
    inner join staging.term using (term_id)
),

gathered as (
    select
        *,
        min(term_number) over (partition by family) as first_of_family,
        max(term_number) over (partition by family) as last_of_family,
        1 - product(1 - release_share) over (partition by family) as family_share,
        case when is_name then release_share else family_share end as found_share,
        (select count(*) from work.current_release) as all_count
    from numbered
)

select
    term,
    term_number,
    release_count,
    md5_number_lower(bare_term) as term_key,
    unicode(term) as initial,
    case when is_name then term_number else first_of_family end as first_number,
    case when is_name then term_number else last_of_family end as last_number,
    round(ln(1 + ((1 - found_share) * all_count + 0.5) / (found_share * all_count + 0.5)), 2)::float as weight
from gathered
order by term_number;
