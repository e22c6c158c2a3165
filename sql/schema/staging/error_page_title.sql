-- description: Titles of the pages that a browser or server shows instead of a release, from the seed.
-- grain: title
-- column title: Title of the error page, with straight apostrophes.
create table if not exists error_page_title (
    title varchar primary key
);
