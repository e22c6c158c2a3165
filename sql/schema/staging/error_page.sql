-- description: Files that hold an error page where a release should be: title of one, and next to no text.
-- grain: path
create or replace view error_page as
select
    listing.path,
    listing.blob,
    listing.content_type
from listing
inner join release using (path, blob)
inner join error_page_title
    on lower(trim(replace(release.title, '’', ''''), ' .')) = lower(trim(error_page_title.title, ' .'))
where listing.exclusion is null and release.word_count < 40;
