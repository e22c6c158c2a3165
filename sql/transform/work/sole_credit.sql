-- description: Dated releases by a single minister: they credit nobody else who was in office, no twin with the same
--     text does, and nobody else in office says or announces something in the text.
-- scope: office
create table work.sole_credit as
with credited as (
    select distinct
        twin.twin_group_id,
        credit.release_id,
        credit.minister_id
    from work.credit
    inner join work.twin using (release_id)
    where credit.is_counted
),

sole as (
    select
        twin_group_id,
        min(minister_id) as minister_id
    from credited
    group by twin_group_id
    having count(distinct minister_id) = 1
),

others as (
    select distinct named.release_id
    from work.named
    inner join work.dated using (release_id)
    inner join work.in_office
        on
            named.minister_id = in_office.minister_id
            and dated.nz_date >= in_office.start_date
            and dated.nz_date <= in_office.end_date
    anti join credited
        on named.release_id = credited.release_id and named.minister_id = credited.minister_id
    where named.verb is not null
)

select
    credited.release_id,
    credited.minister_id,
    dated.nz_date,
    governments.government_id,
    governments.start_date::date as government_start_date,
    governments.end_date::date as government_end_date
from credited
inner join sole using (twin_group_id, minister_id)
inner join work.dated using (release_id)
inner join seeds.governments
    on
        dated.nz_date >= governments.start_date::date
        and dated.nz_date <= coalesce(governments.end_date::date, 'infinity'::date)
anti join others using (release_id);
