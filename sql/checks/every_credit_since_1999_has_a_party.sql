-- description: People credited since 1999 whose party on that day is not known; add their spells to
--     seeds/party_memberships.csv. Names that await review are left out.
-- severity: warn
select
    bridge.minister_id,
    count(*) as credit_count,
    min(fact_release.nz_date) as first_date,
    max(fact_release.nz_date) as last_date
from core.bridge_release_minister as bridge
inner join core.fact_release using (release_id)
inner join core.dim_minister using (minister_id)
where
    bridge.party_id = 'unknown'
    and fact_release.nz_date >= '1999-01-01'
    and not dim_minister.is_provisional
    and not bridge.is_out_of_government
group by bridge.minister_id
