-- description: Every markdown link of a release's text, images left out, with the release it leads to where
--     that can be proven.
-- grain: release_id, position
-- example: select title, link_text, url from release_links where not is_outside
-- column release_id: The release that prints the link; joins to releases.
-- column position: Place in the text, from 1.
-- column title: Of that release, as printed.
-- column nz_date: Of that release; NULL where nothing is known.
-- column year: Calendar year of nz_date; NULL where undated.
-- column link_text: As a reader sees it; may be empty.
-- column url: As printed.
-- column domain: Host of the address without `www.`; NULL where it names none.
-- column link_kind: outside, release, speech, number, file, page, mail, phone, anchor, empty or broken.
-- column is_outside: Leads to another site than the government's.
-- column target_release_id: The release it leads to; NULL where it leads to none or to one that is not proven.
-- column target_title: Of that release.
-- column target_nz_date: Of that release.
-- column found_by: address, folded_address or number; NULL without a target.
-- column unresolved_reason: not_a_release, not_in_archive or ambiguous; NULL with a target.
-- column twin_group_id: The same for releases of the same text.
create or replace view main.release_links as
select
    release_link.release_id,
    release_link.position,
    fact_release.title,
    fact_release.nz_date,
    dim_date.year,
    release_link.link_text,
    release_link.url,
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
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
left join core.fact_release as target
    on release_link.target_release_id = target.release_id
order by fact_release.published_date_id, release_link.release_id, release_link.position;
