-- description: Every printed credit, with the party of the person on that day, sorted in the order of
--     core.fact_release.
-- scope: credit
insert into core.bridge_release_minister by name
select
    credit.release_id,
    credit.position,
    credit.minister_id,
    case when credit.is_person then coalesce(party_membership.party_id, 'unknown') else 'nobody' end as party_id,
    credit.credited_as,
    credit.rule,
    credit.is_out_of_government,
    credit.share
from work.credit
inner join core.fact_release using (release_id)
inner join core.dim_minister using (minister_id)
left join core.party_membership
    on
        credit.minister_id = party_membership.minister_id
        and fact_release.nz_date >= coalesce(party_membership.start_date, '-infinity'::date)
        and fact_release.nz_date <= coalesce(party_membership.end_date, 'infinity'::date)
order by fact_release.published_date_id, credit.release_id, credit.position;
