-- description: Markdown links in the texts of releases, without images, each with the release it leads to where that
--     can be proven.
-- grain: release_id, position
-- references: release_id in core.fact_release
-- column release_id: Id of the release that prints the link; joins to releases and core.fact_release.
-- column position: Place among the links of the text, counted from 1.
-- column link_text: Text of the link as a reader sees it; can be empty.
-- column url: Address of the link, as printed.
-- column host: Host of the address in lower case, taken out of the wrapper of a mail filter; NULL if the address names
--     no host.
-- column domain: Host of the address, without `www.`; NULL if the address names no host.
-- column link_kind: Kind of address: outside (another site), release, speech, number (a page of the site by its
--     number, used until 2008), file, page (another page of the site), mail, phone, anchor
--     (a place or footnote of the page itself), empty or broken.
-- column is_outside: True if the link leads outside the government's site (beehive.govt.nz and executive.govt.nz).
-- column target_release_id: Id of the release that the link leads to; NULL if it leads to none, or to one that cannot
--     be proven.
-- column found_by: How the linked release was found: address (exact match), folded_address (match without macrons,
--     quotes, dashes and short words) or number (page number); NULL if none was found.
-- column unresolved_reason: Why no linked release was found: not_a_release (link_kind says what it is), not_in_archive
--     (no release has that address or number) or ambiguous (several have); NULL if one was found.
create table core.release_link (
    release_id varchar not null,
    position integer not null,
    link_text varchar not null,
    url varchar not null,
    host varchar,
    domain varchar,
    link_kind varchar not null,
    is_outside boolean not null,
    target_release_id varchar,
    found_by varchar,
    unresolved_reason varchar,
    check ((target_release_id is null) = (found_by is null)),
    check ((target_release_id is null) = (unresolved_reason is not null)),
    check (is_outside = (link_kind = 'outside'))
);
