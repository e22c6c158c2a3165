-- description: Which release links to which release, one row per pair.
-- grain: release_id, cited_release_id
-- warning: A release can link to itself: add `where release_id <> cited_release_id`.
-- example: select cited_title, count(*) as citing_release_count from release_citations group by all order by
--     citing_release_count desc limit 5
-- column release_id: Id of the release that prints the link; joins to releases.
-- column title: Title of the release that prints the link.
-- column url: Address of the release that prints the link, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the release that prints the link; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column twin_group_id: Id of the representative release among all with the same text as the one that prints the link;
--     count it distinct to count each text once.
-- column cited_release_id: Id of the release that the link leads to; joins to releases.
-- column cited_title: Title of the release that the link leads to.
-- column cited_nz_date: Best known New Zealand date of the release that the link leads to, later than nz_date if the
--     text was edited afterwards; NULL if no date is known.
-- column cited_url: Address of the release that the link leads to, as printed in its front matter.
-- column citation_count: Number of links from the one release to the other; additive.
create or replace view main.release_citations as
select
    release_link.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    fact_release.twin_group_id,
    release_link.target_release_id as cited_release_id,
    cited.title as cited_title,
    cited.nz_date as cited_nz_date,
    cited.url as cited_url,
    count(*) as citation_count
from core.release_link
inner join core.fact_release
    on release_link.release_id = fact_release.release_id
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
inner join core.fact_release as cited
    on release_link.target_release_id = cited.release_id
group by all
order by fact_release.nz_date, release_link.release_id, release_link.target_release_id;
