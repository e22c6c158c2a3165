-- description: How often the holders that are inferred from releases are right, measured against the register of
--     offices, which the inference does not use. Each portfolio and Wednesday on which the register knows the holder is
--     one question. So sure is an answer in months that the register does not have yet.
-- grain: year, confidence
-- example: from holder_accuracy where year = 2023
-- metric right_answer_share: sum(right_count) / sum(answer_count): Share of the answers that agree with the register,
--     0 to 1; not additive.
-- column year: Calendar year of the days.
-- column confidence: Confidence of the inferred answer: high, medium, low, or none (nobody is inferred for the day).
-- column answer_count: Number of portfolios and Wednesdays with an answer of this confidence; for none, without an
--     answer; additive.
-- column right_count: Number of these answers that agree with the register; additive.
-- column right_share: Share of these answers that agree with the register, 0 to 1; NULL for none; not additive.
create or replace view main.holder_accuracy as
with known as (
    select
        tenure.portfolio_id,
        tenure.government_id,
        days.calendar_date as day,
        array_agg(distinct tenure.minister_id) as minister_ids
    from core.tenure
    inner join core.dim_date as days
        on
            days.calendar_date >= tenure.start_date
            and days.calendar_date <= coalesce(tenure.end_date, 'infinity'::date)
            and days.weekday = 3
    where tenure.method = 'register' and tenure.role = 'holder' and tenure.certainty <> 'disputed'
    group by tenure.portfolio_id, tenure.government_id, days.calendar_date
),

answers as (
    select
        known.day,
        case
            when inferred_holder.minister_id is null then 'none'
            when known.day < inferred_holder.first_date then inferred_holder.start_confidence
            when known.day > inferred_holder.last_date then inferred_holder.end_confidence
            else inferred_holder.confidence
        end as confidence,
        list_contains(known.minister_ids, inferred_holder.minister_id) as is_right
    from known
    left join core.inferred_holder
        on
            known.portfolio_id = inferred_holder.portfolio_id
            and known.government_id = inferred_holder.government_id
            and known.day >= inferred_holder.start_date
            and known.day <= coalesce(inferred_holder.end_date, 'infinity'::date)
)

select
    year(day)::integer as year,
    confidence,
    count(*) as answer_count,
    count(*) filter (where is_right) as right_count,
    count(*) filter (where is_right) / nullif(count(is_right), 0) as right_share
from answers
group by year(day), confidence
order by year, list_position(['high', 'medium', 'low', 'none'], confidence);
