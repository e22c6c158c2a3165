-- description: The Acts and bills that the texts of this build name.
-- scope: whole
insert into core.dim_law by name
with spellings as (
    select
        law_key,
        printed,
        count(*) as release_count
    from work.law_mention
    group by law_key, printed
),

titles as (
    select
        law_key,
        arg_max(printed, (release_count, printed)) as law_title
    from spellings
    group by law_key
),

laws as (
    select distinct
        law_id,
        law_key,
        law_year
    from work.law_mention
)

select
    laws.law_id,
    concat_ws(' ', titles.law_title, laws.law_year) as law_name,
    titles.law_title,
    laws.law_year,
    case when regexp_matches(laws.law_key, '-bill(-no-\d+)?$') then 'bill' else 'act' end as law_kind,
    regexp_matches(laws.law_key, '\bamendments?\b') as is_amendment
from laws
inner join titles using (law_key)
order by laws.law_id;
