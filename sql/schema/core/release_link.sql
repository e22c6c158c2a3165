-- description: Markdown links of bodies, images left out, each with the release it leads to where that can be proven.
-- grain: release_id, position
-- references: release_id in core.fact_release
-- column release_id: The release that prints the link.
-- column position: Place in the body, from 1.
-- column link_text: As a reader sees it; may be empty.
-- column url: As printed.
-- column host: Of the address, lower case, out of the wrapper of a mail filter; NULL where it names none.
-- column domain: The host without `www.`; NULL where the address names none.
-- column link_kind: outside, release (an address of releases), speech, number (a page by its number, as until 2008),
--     file, page (another page of the site), mail, phone, anchor, empty or broken.
-- column is_outside: Leads to another site than the government's (beehive.govt.nz, executive.govt.nz).
-- column target_release_id: The release it leads to; NULL where it leads to none or to one that is not proven.
-- column found_by: address (the same), folded_address (the same but for macrons, quotes, dashes and the words that
--     the site has left out at times), number; NULL without a target.
-- column unresolved_reason: Why a link has no target: not_a_release (its kind says what it is), not_in_archive (no
--     release has the address or number) or ambiguous (several do); NULL with a target.
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
