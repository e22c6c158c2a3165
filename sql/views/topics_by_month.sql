-- description: What came up in each month: up to ten words that grew most, which are those more frequent in its titles
--     than in those of the twelve months before, by the log-likelihood ratio (Rayson and Garside 2000). A month without
--     such words has no rows. Copies of a joint statement count once. Numbers and the words of ministers' names are
--     left out.
-- grain: month_start_date, topic_rank
-- warning: Words are counted as they are printed, without their meaning. A subject that has stayed for a year does not
--     grow any more; topics_by_year compares with all other years.
-- example: select string_agg(term, ', ' order by topic_rank) from topics_by_month where month_start_date = '2011-03-01'
-- column month_start_date: First day of the calendar month of nz_date.
-- column year: Calendar year of nz_date.
-- column topic_rank: Rank of the word within the month, where 1 grew most.
-- column term: Word in lower case, without macrons and accents.
-- column title_count: Number of titles of the month that have the word, at least three; not additive over words.
-- column title_share: Share of the month's titles that have the word, 0 to 1; not additive.
-- column earlier_title_share: Share of the titles of the twelve months before that have the word, 0 to 1; not additive.
-- column log_likelihood: Log-likelihood ratio of the word: how unlikely its frequency is by chance; at least 10.83,
--     where the chance is 1 in 1,000.
create or replace view main.topics_by_month as
with months as (
    select
        dim_date.month_start_date,
        count(*) as title_count
    from core.fact_release
    inner join core.dim_date
        on fact_release.nz_date_id = dim_date.date_id
    where fact_release.is_canonical and dim_date.month_start_date is not null
    group by dim_date.month_start_date
),

compared as (
    select
        month_start_date,
        title_count as month_count,
        sum(title_count) over twelve_months as earlier_count
    from months
    window twelve_months as (
        order by month_start_date asc
        range between interval 12 month preceding and interval 1 month preceding
    )
),

names as (
    select unnest(regexp_extract_all(lower(strip_accents(minister_name)), '[\p{L}\p{N}_]+')) as term
    from core.dim_minister
    where is_person
),

counted as (
    select
        term,
        month_start_date,
        title_count,
        coalesce(sum(title_count) over twelve_months, 0) as earlier_title_count
    from core.title_term
    where term not in (select names.term from names) and not regexp_full_match(term, '\d+')
    window twelve_months as (
        partition by term order by month_start_date asc
        range between interval 12 month preceding and interval 1 month preceding
    )
),

weighed as (
    select
        counted.term,
        counted.month_start_date,
        counted.title_count,
        counted.earlier_title_count,
        counted.title_count / compared.month_count as title_share,
        counted.earlier_title_count / compared.earlier_count as earlier_title_share,
        (counted.title_count + counted.earlier_title_count) / (compared.month_count + compared.earlier_count)
            as whole_share
    from counted
    inner join compared using (month_start_date)
    where counted.title_count >= 3
),

ranked as (
    select
        month_start_date,
        term,
        title_count,
        title_share,
        earlier_title_share,
        round(2 * (
            title_count * ln(title_share / whole_share)
            + case
                when earlier_title_count > 0 then earlier_title_count * ln(earlier_title_share / whole_share) else 0
            end
        ), 3) as log_likelihood
    from weighed
    where title_share > earlier_title_share
)

select
    month_start_date,
    year(month_start_date)::integer as year,
    row_number() over (partition by month_start_date order by log_likelihood desc, term asc) as topic_rank,
    term,
    title_count,
    title_share,
    earlier_title_share,
    log_likelihood
from ranked
where log_likelihood >= 10.83
qualify topic_rank <= 10
order by month_start_date, topic_rank;
