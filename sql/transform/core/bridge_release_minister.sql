-- description: Every printed credit, sorted in the order of core.fact_release.
insert into core.bridge_release_minister by name
select
    credit.release_id,
    credit.position,
    credit.minister_id,
    credit.credited_as,
    credit.rule,
    credit.is_out_of_government,
    credit.share
from work.credit
inner join core.fact_release using (release_id)
inner join core.dim_minister using (minister_id)
order by fact_release.published_date_id, credit.release_id, credit.position;
