-- title: Prime ministers
-- description: Share of the releases published while a prime minister was in office that credit that prime minister,
--     alone or with others, in the colour of the party. Each prime minister is measured by the own term, as far as the
--     archive covers it.
-- example: select nz_date, title, url from releases where prime_minister_name = 'Bill English' order by nz_date
select
    voice_of_prime_ministers.prime_minister_name,
    voice_of_prime_ministers.first_date,
    voice_of_prime_ministers.last_date,
    coalesce(ministers.latest_party_name, '(unknown)') as party_name,
    coalesce(dim_party.colour, '#a6a6a6') as colour,
    voice_of_prime_ministers.release_count,
    round(voice_of_prime_ministers.releases_per_day, 4) as releases_per_day,
    voice_of_prime_ministers.own_release_count,
    round(100 * voice_of_prime_ministers.own_release_share, 4) as percent,
    max(release_ministers.release_id, 3) as latest_releases
from main.voice_of_prime_ministers
left join main.ministers on voice_of_prime_ministers.prime_minister_id = ministers.minister_id
left join core.dim_party on ministers.latest_party_name = dim_party.party_name
left join main.release_ministers
    on
        voice_of_prime_ministers.prime_minister_id = release_ministers.minister_id
        and release_ministers.nz_date between voice_of_prime_ministers.first_date and voice_of_prime_ministers.last_date
group by all
order by voice_of_prime_ministers.first_date
