-- description: The words in core.search_posting, each with the numbers of its forms.
-- scope: whole
insert into core.search_term by name
with counted as (
    select
        term_number,
        count(*) as release_count
    from core.search_posting
    group by term_number
),

names as (
    select lower(strip_accents(unnest(regexp_extract_all(minister_name, '[\p{L}\p{N}_]+')))) as term
    from core.dim_minister
    where is_person
),

releases as (
    select count(*) as all_count
    from work.current_release
),

used as (
    select
        term_number.term,
        term_number.family,
        term_number.bare_term,
        term_number.term_number,
        counted.release_count,
        releases.all_count,
        counted.release_count / releases.all_count as release_share,
        term_number.term in (select names.term from names) as is_name
    from counted
    inner join work.term_number using (term_number)
    cross join releases
),

families as (
    select
        family,
        list(term_number order by term_number) as forms,
        1 - product(1 - release_share) as family_share
    from used
    group by family
),

gathered as (
    select
        used.*,
        case when used.is_name then [used.term_number] else families.forms end as forms,
        case when used.is_name then used.release_share else families.family_share end as found_share
    from used
    inner join families using (family)
)

select
    term,
    term_number,
    release_count,
    md5_number_lower(bare_term) as term_key,
    unicode(term) as initial,
    forms,
    round(ln(1 + ((1 - found_share) * all_count + 0.5) / (found_share * all_count + 0.5)), 2)::float as weight
from gathered
order by term_number;
