-- description: Credits that cannot be right, because no government that the person served in was in office around the
--     date of the release: the credit or the date is wrong. The other views leave these credits out.
-- grain: release_id, credit_position
-- column release_id: Id of the release; joins to releases.
-- column title: Title of the release, as printed.
-- column url: Address of the release on the site, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column credit_position: Place of the credit in the front matter, counted from 1.
-- column minister_id: Id of the person credited, such as `winston-peters`; joins to ministers unless all credits of the
--     person are doubtful.
-- column minister_name: Display name of the person credited, without honorifics.
-- column credited_as: Name of a minister, as printed in the front matter.
-- column served_in: Names of the governments that the person served in, separated by '; '; NULL if none is known.
-- column suspicion: What is probably wrong: credit (the release also credits somebody in office) or date (it credits
--     nobody else).
create or replace view main.doubtful_credits as
with terms as (
    select
        minister_term.minister_id,
        string_agg(dim_government.government_name, '; ' order by dim_government.start_date) as served_in
    from core.minister_term
    inner join core.dim_government using (government_id)
    group by minister_term.minister_id
)

select
    bridge.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    bridge.position as credit_position,
    bridge.minister_id,
    dim_minister.minister_name,
    bridge.credited_as,
    terms.served_in,
    case when fact_release.minister_count > 0 then 'credit' else 'date' end as suspicion
from core.bridge_release_minister as bridge
inner join core.fact_release
    on bridge.release_id = fact_release.release_id
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
inner join core.dim_minister
    on bridge.minister_id = dim_minister.minister_id
left join terms
    on bridge.minister_id = terms.minister_id
where bridge.is_out_of_government
order by fact_release.nz_date, bridge.release_id, bridge.position;
