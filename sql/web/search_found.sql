-- description: What a search finds, in any order; a release that lacks words has missing_words.
select
    fact_release.search_number,
    fact_release.nz_date,
    about.rank,
    about.matched_words,
    about.missing_words,
    about.read_as,
    about.copy_of
from main.releases_about($question) as about
inner join core.fact_release using (release_id)
