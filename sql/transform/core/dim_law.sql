-- description: The Acts and bills that the texts of this build name. Titles that differ in hyphens and blanks alone are
--     one, in the spelling that most releases print.
-- scope: whole
insert into core.dim_law by name
with mentions as (
    select
        law_mention.law_id,
        law_mention.law_key,
        replace(law_mention.law_key, '-', '') as title_key,
        law_mention.law_year,
        law_mention.printed,
        dated.nz_date
    from work.law_mention
    inner join work.dated using (search_number)
),

spellings as (
    select
        title_key,
        printed,
        count(*) as release_count
    from mentions
    group by title_key, printed
),

titles as (
    select
        title_key,
        arg_max(printed, (release_count, printed)) as law_title
    from spellings
    group by title_key
),

laws as (
    select
        law_id,
        law_key,
        title_key,
        law_year,
        max(nz_date) as last_date
    from mentions
    group by all
),

years as (
    select
        title_key,
        law_year,
        count(*) as release_count
    from mentions
    where law_year is not null
    group by title_key, law_year
),

-- A year is a misprint where another one, of which one digit differs, stands beside the title ten times as often.
misprints as (
    select distinct
        rare.title_key,
        rare.law_year
    from years as rare
    inner join years as common
        on
            rare.title_key = common.title_key
            and common.release_count >= 10 * rare.release_count
            and hamming(rare.law_year::varchar, common.law_year::varchar) = 1
)

select
    laws.law_id,
    concat_ws(' ', titles.law_title, laws.law_year) as law_name,
    titles.law_title,
    laws.law_year,
    coalesce(misprints.law_year is not null or laws.law_year > year(laws.last_date) + 1, false) as is_year_doubtful,
    case when regexp_matches(laws.law_key, '-bill(-no-\d+)?$') then 'bill' else 'act' end as law_kind,
    regexp_matches(laws.law_key, '\bamendments?\b') as is_amendment
from laws
inner join titles using (title_key)
left join misprints using (title_key, law_year)
order by laws.law_id;
