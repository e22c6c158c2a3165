-- description: Pairs of releases dated within three days of each other whose texts are nearly the same: corrected
--     copies, and joint statements with another first line. Both count as texts of their own; releases with exactly the
--     same text are in twins.
-- grain: release_id, near_release_id
-- column release_id: Id of the release whose id sorts first of the two; joins to releases.
-- column title: Title of the release whose id sorts first of the two, as printed.
-- column url: Address of the release whose id sorts first of the two, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the release whose id sorts first of the two.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column near_release_id: Id of the other release, whose id sorts second.
-- column similarity: Share of all runs of five words in either text that both have (Jaccard similarity), 0.9 to 1.
-- column near_title: Title of the release whose id sorts second of the two, as printed.
-- column near_nz_date: Best known New Zealand date of the release whose id sorts second of the two.
-- column near_url: Address of the release whose id sorts second of the two, as printed in its front matter.
create or replace view main.near_twins as
select
    near_twin.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    near_twin.near_release_id,
    near_twin.similarity,
    other.title as near_title,
    other.nz_date as near_nz_date,
    other.url as near_url
from core.near_twin
inner join core.fact_release
    on near_twin.release_id = fact_release.release_id
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
inner join core.fact_release as other
    on near_twin.near_release_id = other.release_id
order by near_twin.release_id, near_twin.near_release_id;
