-- description: Pairs of releases dated within three days of each other whose texts are nearly the same: corrected
--     copies, and joint statements with another first line. Both count as texts of their own; releases with exactly the
--     same text are in twins.
-- grain: release_id, near_release_id
-- column release_id: Id of the release whose id sorts first of the two; joins to releases.
-- column near_release_id: Id of the other release, whose id sorts second.
-- column similarity: Share of all runs of five words in either text that both have (Jaccard similarity), 0.9 to 1.
-- column title: Title of the release whose id sorts first of the two, as printed.
-- column near_title: Title of the release whose id sorts second of the two, as printed.
-- column nz_date: Best known New Zealand date of the release whose id sorts first of the two.
-- column near_nz_date: Best known New Zealand date of the release whose id sorts second of the two.
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
