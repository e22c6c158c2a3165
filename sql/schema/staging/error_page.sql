-- description: Files that hold an error page instead of a release: the title is that of an error page in any spelling,
--     the text is short, and the file has no date, or no ministers and no portfolios.
-- grain: path
create or replace view error_page as
select
    listing.path,
    listing.blob,
    listing.content_type
from listing
inner join release using (path, blob)
inner join error_page_title
    on
        trim(regexp_replace(lower(strip_accents(release.title)), '[^a-z0-9]+', ' ', 'g'))
        = trim(regexp_replace(lower(strip_accents(error_page_title.title)), '[^a-z0-9]+', ' ', 'g'))
where
    listing.exclusion is null
    and release.word_count < 150
    and (
        year(release.printed_date) = 1
        or (coalesce(len(release.ministers), 0) = 0 and coalesce(len(release.portfolios), 0) = 0)
    );
