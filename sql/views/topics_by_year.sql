-- description: What each year was about: the twenty words that are more frequent in its titles than in those of other
--     years, most distinctive first, by the log-likelihood ratio (Rayson and Garside 2000). Copies of a joint statement
--     count once. Numbers and the words of ministers' names are left out.
-- grain: year, topic_rank
-- warning: Words are counted as they are printed, without their meaning. A word that is also a name, such as `key`, is
--     left out.
-- example: select string_agg(term, ', ' order by topic_rank) as topics from topics_by_year where year = 2011
-- column year: Calendar year of nz_date.
-- column topic_rank: Rank of the word within the year, where 1 is the most distinctive.
-- column term: Word in lower case, without macrons and accents.
-- column title_count: Number of titles of the year that have the word; not additive over words.
-- column title_share: Share of the year's titles that have the word, 0 to 1; not additive.
-- column other_title_share: Share of the titles of all other years that have the word, 0 to 1; not additive; NULL if
--     there is no other year.
-- column log_likelihood: Log-likelihood ratio of the word: how unlikely its frequency in the year is by chance; above
--     11, the chance is below 1 in 1,000.
create or replace view main.topics_by_year as
with years as (
    select
        dim_date.year,
        count(*) as title_count
    from core.fact_release
    inner join core.dim_date
        on fact_release.nz_date_id = dim_date.date_id
    where fact_release.is_canonical and dim_date.year is not null
    group by dim_date.year
),

names as (
    select unnest(regexp_extract_all(lower(strip_accents(minister_name)), '[\p{L}\p{N}_]+')) as term
    from core.dim_minister
    where is_person
),

whole as (
    select sum(title_count) as title_count
    from years
),

terms as (
    select
        term,
        year(month_start_date) as year,
        sum(title_count)::integer as title_count
    from core.title_term
    where term not in (select names.term from names) and not regexp_full_match(term, '\d+')
    group by term, 2
),

counted as (
    select
        terms.term,
        years.year,
        terms.title_count,
        years.title_count as year_count,
        sum(terms.title_count) over (partition by terms.term) - terms.title_count as other_title_count,
        whole.title_count - years.title_count as other_year_count
    from terms
    inner join years using (year)
    cross join whole
),

weighed as (
    select
        term,
        year,
        title_count,
        other_title_count,
        title_count / year_count as title_share,
        other_title_count / nullif(other_year_count, 0) as other_title_share,
        (title_count + other_title_count) / (year_count + other_year_count) as whole_share
    from counted
),

ranked as (
    select
        year,
        term,
        title_count,
        title_share,
        other_title_share,
        round(2 * (
            title_count * ln(title_share / whole_share)
            + case when other_title_count > 0 then other_title_count * ln(other_title_share / whole_share) else 0 end
        ), 3) as log_likelihood
    from weighed
    where title_share > other_title_share
)

select
    year,
    row_number() over (partition by year order by log_likelihood desc, term asc) as topic_rank,
    term,
    title_count,
    title_share,
    other_title_share,
    log_likelihood
from ranked
qualify topic_rank <= 20
order by year, topic_rank;
