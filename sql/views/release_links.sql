-- description: Markdown links in the texts of releases, without images, each with the release it leads to where that
--     can be proven.
-- grain: release_id, link_position
-- example: select title, link_text, link_url from release_links where not is_outside
-- column release_id: Id of the release that prints the link; joins to releases.
-- column title: Title of the release that prints the link.
-- column url: Address of the release that prints the link, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the release that prints the link; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column link_position: Place among the links of the text, counted from 1.
-- column link_text: Text of the link as a reader sees it; can be empty.
-- column link_url: Address of the link, as printed.
-- column domain: Host of the address, without `www.`; NULL if the address names no host.
-- column link_kind: Kind of address: outside (another site), release, speech, number (a page of the site by its number,
--     used until 2008), file, page (another page of the site), mail, phone, anchor
--     (a place or footnote of the page itself), empty or broken.
-- column is_outside: True if the link leads outside the government's site (beehive.govt.nz and executive.govt.nz).
-- column target_release_id: Id of the release that the link leads to; NULL if it leads to none, or to one that cannot
--     be proven.
-- column target_title: Title of the release that the link leads to; NULL if no release is proven.
-- column target_nz_date: Best known New Zealand date of the release that the link leads to; NULL if no release is
--     proven or its date is unknown.
-- column found_by: How the linked release was found: address (exact match), folded_address (match without macrons,
--     quotes, dashes and short words) or number (page number); NULL if none was found.
-- column unresolved_reason: Why no linked release was found: not_a_release (link_kind says what it is), not_in_archive
--     (no release has that address or number) or ambiguous (several have); NULL if one was found.
-- column twin_group_id: Id of the representative release among all with the same text as the one that prints the link;
--     count it distinct to count each text once.
create or replace view main.release_links as
select
    release_link.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    release_link.position as link_position,
    release_link.link_text,
    release_link.url as link_url,
    release_link.domain,
    release_link.link_kind,
    release_link.is_outside,
    release_link.target_release_id,
    target.title as target_title,
    target.nz_date as target_nz_date,
    release_link.found_by,
    release_link.unresolved_reason,
    fact_release.twin_group_id
from core.release_link
inner join core.fact_release
    on release_link.release_id = fact_release.release_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
left join core.fact_release as target
    on release_link.target_release_id = target.release_id
order by fact_release.published_date_id, release_link.release_id, release_link.position;
