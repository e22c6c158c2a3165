-- description: Credits marked is_out_of_government without grounds: the release has no date, no term of the person is
--     known, or the person served in the government of that date.
-- severity: fail
select
    bridge.release_id,
    bridge.minister_id
from core.bridge_release_minister as bridge
inner join core.fact_release using (release_id)
where
    bridge.is_out_of_government
    and (
        fact_release.nz_date is null
        or bridge.minister_id not in (select minister_term.minister_id from core.minister_term)
        or exists (
            select 1
            from core.minister_term
            where
                minister_term.minister_id = bridge.minister_id
                and minister_term.government_id = fact_release.government_id
        )
    )
