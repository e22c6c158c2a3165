-- description: Pairs of releases within three days whose texts are nearly the same: corrected copies, and joint
--     statements with another first line. They are counted apart: only twins of the same text are one.
-- grain: release_id, near_release_id
-- column release_id: The release whose id sorts first.
-- column near_release_id: The other.
-- column similarity: Share of the runs of five words that the two have in common, 0.9 to 1.
-- column title: Of the first, as printed.
-- column near_title: Of the other, as printed.
-- column nz_date: Of the first.
-- column near_nz_date: Of the other.
create or replace view main.near_twins as
select
    near_twin.release_id,
    near_twin.near_release_id,
    near_twin.similarity,
    fact_release.title,
    other.title as near_title,
    fact_release.nz_date,
    other.nz_date as near_nz_date
from core.near_twin
inner join core.fact_release
    on near_twin.release_id = fact_release.release_id
inner join core.fact_release as other
    on near_twin.near_release_id = other.release_id
order by near_twin.release_id, near_twin.near_release_id;
