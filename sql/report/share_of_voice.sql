-- title: Share of voice
-- description: The eight ministers with the largest share of each government's releases, and its prime ministers
--     whatever their rank. A joint release is shared equally between its ministers, so that the shares of all
--     ministers sum to 100 %. Credits of people who were not in office are left out.
with ranked as (
    select
        share_of_voice.government_name,
        share_of_voice.minister_name,
        share_of_voice.is_prime_minister,
        share_of_voice.release_count,
        round(100 * share_of_voice.voice_share, 2) as percent,
        row_number() over (
            partition by share_of_voice.government_name
            order by share_of_voice.voice_share desc, share_of_voice.minister_id
        ) as position
    from main.share_of_voice
    inner join main.ministers using (minister_id)
    where share_of_voice.government_id <> 'unknown'
),

begun as (
    select
        releases_by_day.government_name,
        min(releases_by_day.calendar_date) as first_date
    from main.releases_by_day
    group by releases_by_day.government_name
)

select
    ranked.government_name,
    ranked.position,
    ranked.minister_name,
    ranked.is_prime_minister,
    ranked.release_count,
    ranked.percent
from ranked
inner join begun using (government_name)
where ranked.position <= 8 or ranked.is_prime_minister
order by begun.first_date, ranked.position
