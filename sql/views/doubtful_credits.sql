-- description: Credits that cannot be: the person served in no government that was in office around the day of the
--     release. Either the credit or the date is wrong; the other views leave these credits out.
-- grain: release_id, position
-- column release_id: Joins to releases.
-- column position: Place in the front matter, from 1.
-- column title: As printed.
-- column nz_date: The best known New Zealand day.
-- column government_name: In office on that day.
-- column minister_id: The person.
-- column minister_name: Their name.
-- column credited_as: As printed.
-- column served_in: Governments the person served in, separated by '; '.
-- column suspicion: credit, where somebody in office is credited, too; date, where nobody else is.
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
    bridge.position,
    fact_release.title,
    fact_release.nz_date,
    dim_government.government_name,
    bridge.minister_id,
    dim_minister.minister_name,
    bridge.credited_as,
    terms.served_in,
    case when fact_release.minister_count > 0 then 'credit' else 'date' end as suspicion
from core.bridge_release_minister as bridge
inner join core.fact_release
    on bridge.release_id = fact_release.release_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
inner join core.dim_minister
    on bridge.minister_id = dim_minister.minister_id
left join terms
    on bridge.minister_id = terms.minister_id
where bridge.is_out_of_government
order by fact_release.nz_date, bridge.release_id, bridge.position;
