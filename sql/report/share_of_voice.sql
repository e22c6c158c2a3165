-- title: Ministers
-- description: The five ministers with the largest share of each government's releases, in the colour of their party. A
--     joint release is shared equally between its ministers, so that the shares of all ministers sum to 100 %. Credits
--     of people who were not in office are left out.
-- example: select nz_date, title, url from releases where ministers like '%Chris Finlayson%' order by nz_date
with ranked as (
    select
        share_of_voice.government_id,
        share_of_voice.government_name,
        share_of_voice.minister_id,
        share_of_voice.minister_name,
        share_of_voice.term_party_name as party_name,
        share_of_voice.is_prime_minister,
        share_of_voice.release_count,
        round(100 * share_of_voice.voice_share, 4) as percent,
        governments.first_date,
        row_number() over (
            partition by share_of_voice.government_id
            order by share_of_voice.voice_share desc, share_of_voice.minister_id
        ) as position
    from main.share_of_voice
    inner join main.releases_by_government as governments using (government_id)
    where share_of_voice.government_id <> 'unknown' and share_of_voice.term_party_name <> '(nobody)'
)

select
    ranked.government_name,
    ranked.position,
    ranked.minister_name,
    ranked.is_prime_minister,
    ranked.party_name,
    dim_party.colour,
    ranked.release_count,
    ranked.percent,
    max(release_ministers.release_id, 3) as latest_releases
from ranked
inner join core.dim_party on ranked.party_name = dim_party.party_name
inner join main.release_ministers
    on
        ranked.government_id = release_ministers.government_id
        and ranked.minister_id = release_ministers.minister_id
where ranked.position <= 5
group by
    ranked.government_name, ranked.position, ranked.minister_name, ranked.is_prime_minister, ranked.party_name,
    dim_party.colour, ranked.release_count, ranked.percent, ranked.first_date
order by ranked.first_date, ranked.position
